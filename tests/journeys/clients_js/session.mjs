// A session of OpenAI's own JavaScript client: node session.mjs URL WRITER EMBEDDER
import assert from "node:assert/strict";
import OpenAI from "openai";

const [url, writer, embedder] = process.argv.slice(2);
const client = new OpenAI({ baseURL: url, apiKey: "unused", maxRetries: 0, timeout: 120_000 });
const messages = [{ role: "user", content: "Name a city in one word." }];
const parameters = {
  type: "object",
  properties: { city: { type: "string", maxLength: 12 } },
  required: ["city"],
  additionalProperties: false,
};
const shape = { name: "word", schema: { enum: ["yes", "no"] } };

async function chats() {
  const ids = [];
  for await (const model of client.models.list()) ids.push(model.id);
  assert(ids.includes(writer));
  const wish = { model: writer, messages, temperature: 0, max_tokens: 8 };
  const whole = await client.chat.completions.create(wish);
  let told = "";
  let usage = null;
  const stream = await client.chat.completions.create({
    ...wish,
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const chunk of stream) {
    told += chunk.choices[0]?.delta?.content ?? "";
    usage = chunk.usage ?? usage;
  }
  assert.equal(told, whole.choices[0].message.content);
  assert.equal(usage.completion_tokens, whole.usage.completion_tokens);
}

async function tools() {
  const runner = client.chat.completions.stream({
    model: writer,
    messages,
    tools: [{ type: "function", function: { name: "get_weather", parameters } }],
    tool_choice: { type: "function", function: { name: "get_weather" } },
    parallel_tool_calls: false,
    temperature: 0,
    max_tokens: 60,
  });
  const { choices } = await runner.finalChatCompletion();
  assert.equal(choices[0].finish_reason, "tool_calls");
  const call = choices[0].message.tool_calls[0].function;
  assert.equal(call.name, "get_weather");
  assert.deepEqual(Object.keys(JSON.parse(call.arguments)), ["city"]);
}

async function shapes() {
  const answer = await client.chat.completions.create({
    model: writer,
    messages,
    response_format: { type: "json_schema", json_schema: shape },
  });
  assert(["yes", "no"].includes(JSON.parse(answer.choices[0].message.content)));
}

async function responses() {
  const first = await client.responses.create({
    model: writer,
    input: "Say hello.",
    max_output_tokens: 8,
  });
  const kinds = [];
  const stream = client.responses.stream({
    model: writer,
    input: "Again?",
    previous_response_id: first.id,
    text: { format: { type: "json_schema", ...shape } },
  });
  for await (const event of stream) kinds.push(event.type);
  const second = await stream.finalResponse();
  assert.equal(kinds[0], "response.created");
  assert.equal(kinds.at(-1), "response.completed");
  assert(["yes", "no"].includes(JSON.parse(second.output_text)));
  assert.equal((await client.responses.retrieve(second.id)).output_text, second.output_text);
  await client.responses.delete(second.id);
  await assert.rejects(client.responses.retrieve(second.id), OpenAI.NotFoundError);
}

async function embeddings() {
  const { data } = await client.embeddings.create({ model: embedder, input: ["hello", "cat"] });
  assert.equal(data.length, 2);
  assert(Math.abs(Math.hypot(...data[0].embedding) - 1) < 1e-4);
}

async function failures() {
  await assert.rejects(client.chat.completions.create({ model: "nobody", messages }), (error) => {
    assert(error instanceof OpenAI.NotFoundError);
    assert.equal(error.code, "model_not_found");
    return true;
  });
  const long = [{ role: "user", content: "word ".repeat(3000) }];
  await assert.rejects(
    client.chat.completions.create({ model: writer, messages: long, stream: true }),
    (error) => {
      assert(error instanceof OpenAI.BadRequestError);
      assert.equal(error.code, "context_length_exceeded");
      assert.match(error.message, /2,048/);
      return true;
    },
  );
}

for (const part of [chats, tools, shapes, responses, failures, embeddings]) {
  await part();
  console.log(`${part.name}: done`);
}
