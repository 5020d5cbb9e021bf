<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>AdviceCard</name>
    <message>
        <source>Why so</source>
        <translation>为什么这样</translation>
    </message>
    <message>
        <source>Alternatives</source>
        <translation>其他方案</translation>
    </message>
    <message>
        <source>What would change it</source>
        <translation>怎样能更好</translation>
    </message>
    <message>
        <source>does not fit</source>
        <translation>放不下</translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>No messages yet</source>
        <translation>还没有消息</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Thinking…</source>
        <translation>思考中…</translation>
    </message>
    <message>
        <source>Thought</source>
        <translation>思考过程</translation>
    </message>
    <message>
        <source>Thought for %1 s</source>
        <translation>思考了 %1 秒</translation>
    </message>
</context>
<context>
    <name>ChatPresenter</name>
    <message>
        <source>The model is loading; your message is answered when it is ready.</source>
        <translation>模型正在加载，就绪后会回答您的消息。</translation>
    </message>
    <message>
        <source>Choose a model; your message is answered when it is loaded.</source>
        <translation>请选择模型，加载完成后会回答您的消息。</translation>
    </message>
    <message>
        <source>The context is full, and the answer ends here. Start a new chat, or load the model with a longer context.</source>
        <translation>上下文已满，回答到此为止。请新建对话，或以更长的上下文加载模型。</translation>
    </message>
</context>
<context>
    <name>ChatsList</name>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Previous 7 days</source>
        <translation>过去 7 天</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>更早</translation>
    </message>
</context>
<context>
    <name>ChatsView</name>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Delete chat</source>
        <translation>删除对话</translation>
    </message>
    <message>
        <source>Delete “{0}” for good?</source>
        <translation>永久删除“{0}”？</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Your message</source>
        <translation>您的消息</translation>
    </message>
    <message>
        <source>Message {0}…</source>
        <translation>向 {0} 发送消息…</translation>
    </message>
    <message>
        <source>Write a message…</source>
        <translation>输入消息…</translation>
    </message>
    <message>
        <source>Enter sends · Shift+Enter breaks the line</source>
        <translation>Enter 发送 · Shift+Enter 换行</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>Get a model</source>
        <translation>获取模型</translation>
    </message>
    <message>
        <source>Welcome to Fullbore</source>
        <translation>欢迎使用 Fullbore</translation>
    </message>
    <message>
        <source>There is no model here yet. Get one, and it runs on this computer alone.</source>
        <translation>这里还没有模型。获取一个，它只在这台电脑上运行。</translation>
    </message>
    <message>
        <source>What shall we talk about?</source>
        <translation>今天聊点什么？</translation>
    </message>
    <message>
        <source>Nothing you write leaves this computer.</source>
        <translation>您写的内容不会离开这台电脑。</translation>
    </message>
</context>
<context>
    <name>EngineBridge</name>
    <message>
        <source>Something went wrong inside Fullbore.</source>
        <translation>Fullbore 内部出了问题。</translation>
    </message>
</context>
<context>
    <name>ForecastCard</name>
    <message>
        <source>Reading a prompt</source>
        <translation>读取提示</translation>
    </message>
    <message>
        <source>Time to load</source>
        <translation>加载时间</translation>
    </message>
    <message>
        <source>Energy</source>
        <translation>能耗</translation>
    </message>
    <message>
        <source>Bits a weight</source>
        <translation>每个权重的位数</translation>
    </message>
    <message>
        <source>Perplexity</source>
        <translation>困惑度</translation>
    </message>
    <message>
        <source>Speed of an answer</source>
        <translation>回答速度</translation>
    </message>
    <message>
        <source>{0} to {1} tok/s</source>
        <translation>{0} 到 {1} tok/s</translation>
    </message>
    <message>
        <source>{0} J a token</source>
        <translation>每个词元 {0} J</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>预测</translation>
    </message>
</context>
<context>
    <name>Fullbore</name>
    <message>
        <source>Something went wrong inside Fullbore. The log has all of it: {0}</source>
        <translation>Fullbore 内部出了问题。详情见日志：{0}</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Show or hide the chats</source>
        <translation>显示或隐藏对话列表</translation>
    </message>
    <message>
        <source>Show or hide the hardware</source>
        <translation>显示或隐藏硬件面板</translation>
    </message>
    <message>
        <source>Placement: what goes where</source>
        <translation>布局：什么放在哪里</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Context used, in tokens</source>
        <translation>已用上下文（token）</translation>
    </message>
</context>
<context>
    <name>KnobsCard</name>
    <message>
        <source>Balanced</source>
        <translation>均衡</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>质量</translation>
    </message>
    <message>
        <source>One GPU</source>
        <translation>单个 GPU</translation>
    </message>
    <message>
        <source>By layer</source>
        <translation>按层</translation>
    </message>
    <message>
        <source>By tensor</source>
        <translation>按张量</translation>
    </message>
    <message>
        <source>such as 3, 1</source>
        <translation>例如 3, 1</translation>
    </message>
    <message>
        <source>Context, in tokens</source>
        <translation>上下文（词元）</translation>
    </message>
    <message>
        <source>Prefer</source>
        <translation>优先</translation>
    </message>
    <message>
        <source>Cache type</source>
        <translation>缓存类型</translation>
    </message>
    <message>
        <source>Streams</source>
        <translation>并行数</translation>
    </message>
    <message>
        <source>Micro-batch</source>
        <translation>微批次</translation>
    </message>
    <message>
        <source>Split mode</source>
        <translation>拆分方式</translation>
    </message>
    <message>
        <source>Ratios</source>
        <translation>比例</translation>
    </message>
    <message>
        <source>Layers on cards</source>
        <translation>显卡上的层数</translation>
    </message>
    <message>
        <source>Experts in RAM, layers</source>
        <translation>专家在内存的层数</translation>
    </message>
</context>
<context>
    <name>LayersCard</name>
    <message>
        <source>Experts</source>
        <translation>专家</translation>
    </message>
    <message>
        <source>{0}, the output included. Drag a boundary, or move it by the arrow keys.</source>
        <translation>{0}，包括输出层。拖动分界，或用方向键移动。</translation>
    </message>
    <message>
        <source>{0}; every card has its share of each. Drag a boundary to move shares.</source>
        <translation>{0}；每张显卡各占每层的一份。拖动分界以调整份额。</translation>
    </message>
    <message>
        <source>Boundary between {0} and {1}</source>
        <translation>{0} 与 {1} 的分界</translation>
    </message>
    <message>
        <source>On cards</source>
        <translation>在显卡上</translation>
    </message>
    <message>
        <source>Boundary between experts on cards and in RAM</source>
        <translation>显卡专家与内存专家的分界</translation>
    </message>
    <message>
        <source>Experts of {0} in RAM</source>
        <translation>{0}的专家在内存中</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
</context>
<context>
    <name>LoadStrip</name>
    <message>
        <source>Cancel loading</source>
        <translation>取消加载</translation>
    </message>
    <message>
        <source>Loading {0} · {1}</source>
        <translation>正在加载 {0} · {1}</translation>
    </message>
</context>
<context>
    <name>CalibrationCard</name>
    <message>
        <source>Measure</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>暂不</translation>
    </message>
    <message>
        <source>Stop measuring</source>
        <translation>停止测量</translation>
    </message>
    <message>
        <source>Measuring this machine</source>
        <translation>正在测量这台电脑</translation>
    </message>
    <message>
        <source>{0} · the model comes back afterwards</source>
        <translation>{0} · 之后模型会重新载入</translation>
    </message>
    <message>
        <source>Measure this machine</source>
        <translation>测量这台电脑</translation>
    </message>
    <message>
        <source>So that predictions fit it. It takes about 30 s.</source>
        <translation>让预测与它相符，约需 30 秒。</translation>
    </message>
    <message>
        <source>Wait until the answer is written</source>
        <translation>请等回答写完</translation>
    </message>
</context>
<context>
    <name>MachinePanel</name>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>Nothing is being answered</source>
        <translation>当前没有回答</translation>
    </message>
    <message>
        <source>{0} at once</source>
        <translation>{0} 路并行</translation>
    </message>
    <message>
        <source>Context {0} / {1}</source>
        <translation>上下文 {0} / {1}</translation>
    </message>
    <message>
        <source>All cores</source>
        <translation>所有核心</translation>
    </message>
    <message>
        <source>GPU {0}</source>
        <translation>GPU {0}</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>The models are in {0}</source>
        <translation>模型位于 {0}</translation>
    </message>
</context>
<context>
    <name>ModelPicker</name>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>Model: {0}</source>
        <translation>模型：{0}</translation>
    </message>
    <message>
        <source>No model is on the shelf yet</source>
        <translation>还没有模型</translation>
    </message>
    <message>
        <source>Unload</source>
        <translation>卸载</translation>
    </message>
    <message>
        <source>Get a model…</source>
        <translation>获取模型…</translation>
    </message>
    <message>
        <source>Open models folder</source>
        <translation>打开模型文件夹</translation>
    </message>
    <message>
        <source>Look at the folder again</source>
        <translation>重新扫描文件夹</translation>
    </message>
    <message>
        <source>Placement…</source>
        <translation>布局…</translation>
    </message>
    <message>
        <source>Placement of another</source>
        <translation>其他模型的布局</translation>
    </message>
</context>
<context>
    <name>OutcomeCard</name>
    <message>
        <source>Predicted and measured</source>
        <translation>预测与实测</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>measured</source>
        <translation>实测</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>not yet</source>
        <translation>尚无</translation>
    </message>
</context>
<context>
    <name>PinButton</name>
    <message>
        <source>{0}: automatic. Press to keep it as it is</source>
        <translation>{0}：自动。按下以固定当前值</translation>
    </message>
    <message>
        <source>{0}: pinned. Press to let Fullbore choose</source>
        <translation>{0}：已固定。按下以恢复自动</translation>
    </message>
</context>
<context>
    <name>PlaceCard</name>
    <message>
        <source>Use {0}</source>
        <translation>使用 {0}</translation>
    </message>
    <message>
        <source>Reserve of {0}</source>
        <translation>{0} 的保留</translation>
    </message>
    <message>
        <source>Stays free on this card, whatever happens</source>
        <translation>无论如何都在此显卡上保持空闲</translation>
    </message>
    <message>
        <source>Reserve</source>
        <translation>保留</translation>
    </message>
</context>
<context>
    <name>PlacementDialog</name>
    <message>
        <source>Placement</source>
        <translation>布局</translation>
    </message>
    <message>
        <source>Check exactly</source>
        <translation>精确核对</translation>
    </message>
    <message>
        <source>Cards in use</source>
        <translation>使用的显卡</translation>
    </message>
    <message>
        <source>Working out where it fits…</source>
        <translation>正在计算放在哪里…</translation>
    </message>
    <message>
        <source>All automatic</source>
        <translation>全部自动</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>加载</translation>
    </message>
    <message>
        <source>{0} bits</source>
        <translation>{0} 位</translation>
    </message>
    <message>
        <source>exact</source>
        <translation>精确</translation>
    </message>
    <message>
        <source>calculated</source>
        <translation>计算值</translation>
    </message>
    <message>
        <source>It does not fit.</source>
        <translation>放不下。</translation>
    </message>
    <message>
        <source>It would fit with: {0}.</source>
        <translation>这样就能放下：{0}。</translation>
    </message>
    <message>
        <source>Load anyway</source>
        <translation>仍然加载</translation>
    </message>
    <message>
        <source>Load again</source>
        <translation>重新加载</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>正在加载…</translation>
    </message>
    <message>
        <source>{0} pinned</source>
        <translation>已固定 {0} 项</translation>
    </message>
    <message>
        <source>{0} in RAM</source>
        <translation>内存 {0}</translation>
    </message>
    <message>
        <source>{0} on cards, {1} in RAM</source>
        <translation>显卡 {0}，内存 {1}</translation>
    </message>
    <message>
        <source>Have llama.cpp itself count the bytes, in a dry run</source>
        <translation>让 llama.cpp 试运行，精确统计字节数</translation>
    </message>
</context>
<context>
    <name>ServerPanel</name>
    <message>
        <source>Local server</source>
        <translation>本地服务</translation>
    </message>
    <message>
        <source>Let other programs on this computer use the model</source>
        <translation>允许这台电脑上的其他程序使用模型</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>复制地址</translation>
    </message>
    <message>
        <source>Copied: {0}</source>
        <translation>已复制：{0}</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>已关闭</translation>
    </message>
    <message>
        <source>Address: {0}</source>
        <translation>地址：{0}</translation>
    </message>
    <message>
        <source>Speaks OpenAI&apos;s language, at /v1</source>
        <translation>兼容 OpenAI 接口，路径 /v1</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>This machine</source>
        <translation>这台电脑</translation>
    </message>
    <message>
        <source>Measuring, {0}</source>
        <translation>正在测量，{0}</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Never measured</source>
        <translation>从未测量</translation>
    </message>
    <message>
        <source>Measured {0}</source>
        <translation>测量于 {0}</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Measure again</source>
        <translation>重新测量</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>&amp;Look</source>
        <translation>外观（&amp;L）</translation>
    </message>
    <message>
        <source>L&amp;anguage</source>
        <translation>语言（&amp;A）</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
</context>
<context>
    <name>SidePanel</name>
    <message>
        <source>Hardware and server</source>
        <translation>硬件与服务</translation>
    </message>
    <message>
        <source>Hardware</source>
        <translation>硬件</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Chats and models</source>
        <translation>对话与模型</translation>
    </message>
    <message>
        <source>Search chats</source>
        <translation>搜索对话</translation>
    </message>
    <message>
        <source>Get a model</source>
        <translation>获取模型</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Start a new chat</source>
        <translation>开始新对话</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Discover</source>
        <translation>发现</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>模型库</translation>
    </message>
</context>
<context>
    <name>Transcript</name>
    <message>
        <source>Conversation</source>
        <translation>对话内容</translation>
    </message>
    <message>
        <source>You</source>
        <translation>您</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy link</source>
        <translation>复制链接</translation>
    </message>
    <message>
        <source>Copy message</source>
        <translation>复制消息</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
</context>
<context>
    <name>_ChangeRow</name>
    <message>
        <source>would not fit either</source>
        <translation>也放不下</translation>
    </message>
</context>
<context>
    <name>placement</name>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV 缓存</translation>
    </message>
    <message>
        <source>Compute</source>
        <translation>计算</translation>
    </message>
    <message>
        <source>Driver</source>
        <translation>驱动</translation>
    </message>
    <message>
        <source>Other programs</source>
        <translation>其他程序</translation>
    </message>
    <message>
        <source>Others</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>Reserve</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>RAM</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>GPU {0}</source>
        <translation>GPU {0}</translation>
    </message>
    <message>
        <source>1 layer</source>
        <translation>1 层</translation>
    </message>
    <message>
        <source>{0} layers</source>
        <translation>{0} 层</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>空闲</translation>
    </message>
    <message>
        <source>{0} from disk</source>
        <translation>{0} 来自磁盘</translation>
    </message>
    <message>
        <source>{0} too much</source>
        <translation>超出 {0}</translation>
    </message>
    <message>
        <source>One GPU</source>
        <translation>单个 GPU</translation>
    </message>
    <message>
        <source>By tensor</source>
        <translation>按张量</translation>
    </message>
    <message>
        <source>By layer</source>
        <translation>按层</translation>
    </message>
    <message>
        <source>context {0}</source>
        <translation>上下文 {0}</translation>
    </message>
    <message>
        <source>cache {0}</source>
        <translation>缓存 {0}</translation>
    </message>
    <message>
        <source>experts of {0} in RAM</source>
        <translation>{0}的专家在内存</translation>
    </message>
    <message>
        <source>micro-batch {0}</source>
        <translation>微批次 {0}</translation>
    </message>
    <message>
        <source>{0} streams</source>
        <translation>{0} 路并行</translation>
    </message>
    <message>
        <source>all in RAM</source>
        <translation>全部在内存</translation>
    </message>
    <message>
        <source>by tensor {0}</source>
        <translation>按张量 {0}</translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <source>{0} min {1} s</source>
        <translation>{0} 分 {1} 秒</translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0} 小时 {1} 分</translation>
    </message>
    <message>
        <source>1 token</source>
        <translation>1 个 token</translation>
    </message>
    <message>
        <source>{0} tokens</source>
        <translation>{0} 个 token</translation>
    </message>
    <message>
        <source>first after {0} s</source>
        <translation>首个 token {0} 秒</translation>
    </message>
</context>
<context>
    <name>Failure</name>
    <message>
        <source>{sentence} {remedy}</source>
        <translation>{kind}：{sentence} {remedy}</translation>
    </message>
    <message>
        <source>engine_error</source>
        <translation>出错了</translation>
    </message>
    <message>
        <source>model_error</source>
        <translation>模型有问题</translation>
    </message>
    <message>
        <source>model_not_found</source>
        <translation>找不到模型</translation>
    </message>
    <message>
        <source>not_a_model</source>
        <translation>不是模型文件</translation>
    </message>
    <message>
        <source>truncated_model</source>
        <translation>模型文件不完整</translation>
    </message>
    <message>
        <source>unknown_architecture</source>
        <translation>不认识的模型架构</translation>
    </message>
    <message>
        <source>load_failed</source>
        <translation>加载失败</translation>
    </message>
    <message>
        <source>out_of_memory</source>
        <translation>内存不足</translation>
    </message>
    <message>
        <source>load_cancelled</source>
        <translation>已取消加载</translation>
    </message>
    <message>
        <source>request_error</source>
        <translation>请求有问题</translation>
    </message>
    <message>
        <source>bad_request</source>
        <translation>请求无效</translation>
    </message>
    <message>
        <source>context_length_exceeded</source>
        <translation>超出上下文长度</translation>
    </message>
    <message>
        <source>template_failed</source>
        <translation>对话模板出错</translation>
    </message>
    <message>
        <source>worker_died</source>
        <translation>运行模型的进程意外结束</translation>
    </message>
    <message>
        <source>calibration_failed</source>
        <translation>无法测量这台机器</translation>
    </message>
    <message>
        <source>dry_run_failed</source>
        <translation>试算失败</translation>
    </message>
    <message>
        <source>foreign_library</source>
        <translation>llama.cpp 版本不符</translation>
    </message>
    <message>
        <source>port_in_use</source>
        <translation>端口被占用</translation>
    </message>
    <message>
        <source>home_busy</source>
        <translation>Fullbore 已在运行</translation>
    </message>
    <message>
        <source>disk_full</source>
        <translation>磁盘空间不足</translation>
    </message>
    <message>
        <source>download_failed</source>
        <translation>下载失败</translation>
    </message>
    <message>
        <source>hub_unreachable</source>
        <translation>无法连接 Hub</translation>
    </message>
    <message>
        <source>repository_not_found</source>
        <translation>找不到仓库</translation>
    </message>
    <message>
        <source>gated_repository</source>
        <translation>仓库需要授权</translation>
    </message>
    <message>
        <source>download_cancelled</source>
        <translation>已取消下载</translation>
    </message>
    <message>
        <source>settings_broken</source>
        <translation>设置文件损坏</translation>
    </message>
    <message>
        <source>store_error</source>
        <translation>对话记录有问题</translation>
    </message>
    <message>
        <source>store_too_new</source>
        <translation>对话记录的版本太新</translation>
    </message>
    <message>
        <source>store_corrupt</source>
        <translation>对话记录损坏</translation>
    </message>
</context>
<context>
    <name>Remedy</name>
    <message>
        <source>Try again; if it happens again, report it with the log.</source>
        <translation>请重试；如果再次发生，请附上日志反馈。</translation>
    </message>
    <message>
        <source>Choose one of the models in the library, or download it first.</source>
        <translation>请选择模型库中的模型，或先下载它。</translation>
    </message>
    <message>
        <source>Choose a .gguf file, or download it again.</source>
        <translation>请选择 .gguf 文件，或重新下载。</translation>
    </message>
    <message>
        <source>Finish or repeat its download.</source>
        <translation>请完成下载，或重新下载。</translation>
    </message>
    <message>
        <source>Update Fullbore, or choose another model.</source>
        <translation>请更新 Fullbore，或选择其他模型。</translation>
    </message>
    <message>
        <source>Download the file again, or choose another quantization.</source>
        <translation>请重新下载该文件，或选择其他量化版本。</translation>
    </message>
    <message>
        <source>Choose a shorter context, fewer GPU layers, or a smaller quantization.</source>
        <translation>请选择更短的上下文、更少的显卡层数，或更小的量化版本。</translation>
    </message>
    <message>
        <source>Choose the model again to load it.</source>
        <translation>再次选择该模型即可加载。</translation>
    </message>
    <message>
        <source>Correct the request.</source>
        <translation>请更正请求。</translation>
    </message>
    <message>
        <source>Shorten the conversation, or load the model with a longer context.</source>
        <translation>请缩短对话，或用更长的上下文加载模型。</translation>
    </message>
    <message>
        <source>Check the order of the messages, or choose another model.</source>
        <translation>请检查消息的顺序，或选择其他模型。</translation>
    </message>
    <message>
        <source>Ask again: the model will be loaded anew.</source>
        <translation>请再问一次：模型会重新加载。</translation>
    </message>
    <message>
        <source>Fullbore goes on with its catalogue&apos;s figures; measure again when nothing else runs.</source>
        <translation>Fullbore 将继续使用内置的数据；请在没有其他程序运行时再测一次。</translation>
    </message>
    <message>
        <source>The estimate stands; load the model to learn what it takes.</source>
        <translation>仍以估算为准；加载模型即可得知实际占用。</translation>
    </message>
    <message>
        <source>Install Fullbore again, which brings the right one.</source>
        <translation>请重新安装 Fullbore，它自带正确的版本。</translation>
    </message>
    <message>
        <source>Choose another port, or close the program that uses this one.</source>
        <translation>请换一个端口，或关闭占用它的程序。</translation>
    </message>
    <message>
        <source>Use the Fullbore that is already running, or close it first.</source>
        <translation>请使用已在运行的 Fullbore，或先关闭它。</translation>
    </message>
    <message>
        <source>Free some space and try again.</source>
        <translation>请腾出一些空间后重试。</translation>
    </message>
    <message>
        <source>Try again: what has arrived is kept.</source>
        <translation>请重试：已下载的部分会保留。</translation>
    </message>
    <message>
        <source>Check the network, or set a mirror, then try again: what has arrived is kept.</source>
        <translation>请检查网络，或设置镜像，然后重试：已下载的部分会保留。</translation>
    </message>
    <message>
        <source>Check the spelling: owner/name.</source>
        <translation>请检查拼写：所有者/名称。</translation>
    </message>
    <message>
        <source>Accept its licence on the Hub, then log in with an access token.</source>
        <translation>请在 Hub 上接受其许可，再用访问令牌登录。</translation>
    </message>
    <message>
        <source>Download it again to go on: what has arrived is kept.</source>
        <translation>再次下载即可继续：已下载的部分会保留。</translation>
    </message>
    <message>
        <source>Correct the file, or delete it to start from the defaults.</source>
        <translation>请更正该文件，或删除它以恢复默认设置。</translation>
    </message>
    <message>
        <source>Update Fullbore to open them.</source>
        <translation>请更新 Fullbore 后再打开。</translation>
    </message>
    <message>
        <source>A new, empty file was started.</source>
        <translation>已新建一个空文件。</translation>
    </message>
    <message>
        <source>A new, empty file was started; the old one lies beside it.</source>
        <translation>已新建一个空文件；旧文件保留在旁边。</translation>
    </message>
    <message>
        <source>Check that its folder may be written to and has room, then start again.</source>
        <translation>请确认其文件夹可写且有空间，然后重新启动。</translation>
    </message>
    <message>
        <source>Check that its folder may be written to.</source>
        <translation>请确认其文件夹可写。</translation>
    </message>
    <message>
        <source>Check that its folders&apos; disks answer, then refresh.</source>
        <translation>请确认这些文件夹所在的磁盘有响应，然后刷新。</translation>
    </message>
    <message>
        <source>Check that their folder may be written to, then try again.</source>
        <translation>请确认其文件夹可写，然后重试。</translation>
    </message>
    <message>
        <source>Check the permissions of the models folder, then try again.</source>
        <translation>请检查模型文件夹的权限，然后重试。</translation>
    </message>
    <message>
        <source>Choose an address of this computer, such as 127.0.0.1.</source>
        <translation>请选择本机的地址，例如 127.0.0.1。</translation>
    </message>
    <message>
        <source>Choose another file of this model; if it is sound, report it with the log.</source>
        <translation>请选择该模型的其他文件；如果文件没有问题，请附上日志反馈。</translation>
    </message>
    <message>
        <source>Choose other cards.</source>
        <translation>请选择其他显卡。</translation>
    </message>
    <message>
        <source>Finish its download.</source>
        <translation>请完成它的下载。</translation>
    </message>
    <message>
        <source>Free some space, or choose another folder with FULLBORE_HOME.</source>
        <translation>请腾出一些空间，或用 FULLBORE_HOME 选择其他文件夹。</translation>
    </message>
    <message>
        <source>Look at its quantizations again.</source>
        <translation>请重新查看它的量化版本。</translation>
    </message>
    <message>
        <source>Name cards and RAM: &quot;2x RTX 4090, 128 GB DDR5-5600&quot;.</source>
        <translation>请写明显卡和内存：“2x RTX 4090, 128 GB DDR5-5600”。</translation>
    </message>
    <message>
        <source>Nothing was downloaded. Do not trust this repository.</source>
        <translation>没有下载任何内容。请不要信任这个仓库。</translation>
    </message>
    <message>
        <source>Pin fewer knobs or leave out cards, then try again.</source>
        <translation>请少固定几项，或停用一些显卡，然后重试。</translation>
    </message>
    <message>
        <source>Set another mirror, or download the model to see what it needs.</source>
        <translation>请设置其他镜像，或下载该模型以查看它的需求。</translation>
    </message>
    <message>
        <source>Start Fullbore again: it keeps the damaged file aside.</source>
        <translation>请重新启动 Fullbore：它会把损坏的文件另存一边。</translation>
    </message>
    <message>
        <source>Start it again, then ask.</source>
        <translation>请重新启动它，然后再问。</translation>
    </message>
    <message>
        <source>The defaults are used; the file is kept aside when a setting changes.</source>
        <translation>已使用默认设置；更改设置时会把该文件另存一边。</translation>
    </message>
    <message>
        <source>Try again: the file will be transferred anew.</source>
        <translation>请重试：该文件会重新传输。</translation>
    </message>
    <message>
        <source>Update Fullbore to open it; the file is left untouched.</source>
        <translation>请更新 Fullbore 后再打开；该文件未被改动。</translation>
    </message>
    <message>
        <source>Update Fullbore, or choose another quantization.</source>
        <translation>请更新 Fullbore，或选择其他量化版本。</translation>
    </message>
    <message>
        <source>Wait some minutes, then try again: what has arrived is kept.</source>
        <translation>请等几分钟再试：已下载的部分会保留。</translation>
    </message>
    <message>
        <source>Write a machine like &quot;2x RTX 4090, 128 GB DDR5-5600&quot;.</source>
        <translation>请这样写机器配置：“2x RTX 4090, 128 GB DDR5-5600”。</translation>
    </message>
    <message>
        <source>Write more of it.</source>
        <translation>请写得更完整一些。</translation>
    </message>
    <message>
        <source>Set another mirror, then try again: nothing is lost.</source>
        <translation>请设置别的镜像，然后重试：什么都不会丢失。</translation>
    </message>
    <message>
        <source>Use an address that begins with https://.</source>
        <translation>请使用以 https:// 开头的地址。</translation>
    </message>
    <message>
        <source>Remove the link, or name the folder it leads to as the models folder.</source>
        <translation>请移除该链接，或把它指向的文件夹设为模型文件夹。</translation>
    </message>
    <message>
        <source>Check that its disk answers, then try again.</source>
        <translation>请检查其所在磁盘能否访问，然后重试。</translation>
    </message>
    <message>
        <source>Refresh the library.</source>
        <translation>请刷新模型库。</translation>
    </message>
    <message>
        <source>Unload it, then delete it.</source>
        <translation>请先卸载，再删除。</translation>
    </message>
    <message>
        <source>Choose another folder.</source>
        <translation>请选择别的文件夹。</translation>
    </message>
    <message>
        <source>Unload the model, then try again: what has arrived is kept.</source>
        <translation>请卸载该模型后重试：已下载的部分会保留。</translation>
    </message>
    <message>
        <source>Choose another value.</source>
        <translation>请选择别的值。</translation>
    </message>
    <message>
        <source>Copy it whole from the Hub's settings, under Access Tokens: hf_…</source>
        <translation>请从 Hub 设置的 Access Tokens 中完整复制：hf_…</translation>
    </message>
    <message>
        <source>Choose another repository.</source>
        <translation>请选择别的仓库。</translation>
    </message>
    <message>
        <source>Try again later, or set another mirror.</source>
        <translation>请稍后重试，或设置别的镜像。</translation>
    </message>
    <message>
        <source>Delete it there, or confirm that it is to be deleted here.</source>
        <translation>请在那里删除，或确认在这里删除。</translation>
    </message>
    <message>
        <source>Try again later or set a second source: the file will be transferred anew.</source>
        <translation>请稍后重试，或设置第二来源：文件会重新传输。</translation>
    </message>
    <message>
        <source>Log in with `hf auth login`, or set HF_TOKEN, before Fullbore is started.</source>
        <translation>请在启动 Fullbore 之前用 `hf auth login` 登录，或设置 HF_TOKEN。</translation>
    </message>
    <message>
        <source>Check that its disk is there and its permissions, then refresh the library.</source>
        <translation>请检查其磁盘是否在线及权限，然后刷新模型库。</translation>
    </message>
    <message>
        <source>Wait until it is done there.</source>
        <translation>请等那边完成。</translation>
    </message>
</context>
<context>
    <name>Saying</name>
    <message>
        <source>A further card</source>
        <translation>再加一块显卡</translation>
    </message>
    <message>
        <source>All {layers} layers lie on the card, with their cache.</source>
        <translation>全部 {layers} 层连同缓存都在显卡上。</translation>
    </message>
    <message>
        <source>All {layers} layers lie on the cards, with their cache.</source>
        <translation>全部 {layers} 层连同缓存都在显卡上。</translation>
    </message>
    <message>
        <source>Context {chosen:tokens} instead of {longer:tokens}: {why}</source>
        <translation>上下文取 {chosen:tokens} 而不是 {longer:tokens}：{why}</translation>
    </message>
    <message>
        <source>Context {chosen:tokens} of the {trained:tokens} it was trained for.</source>
        <translation>上下文 {chosen:tokens}，模型训练时为 {trained:tokens}。</translation>
    </message>
    <message>
        <source>Context {context:tokens}</source>
        <translation>上下文 {context:tokens}</translation>
    </message>
    <message>
        <source>Context {context:tokens} with a {cache} cache</source>
        <translation>上下文 {context:tokens}，缓存为 {cache}</translation>
    </message>
    <message>
        <source>It does not fit: {card} (card {number}) would need {needed:memory} and has {free:memory}.</source>
        <translation>放不下：{card}（显卡 {number}）需要 {needed:memory}，只有 {free:memory}。</translation>
    </message>
    <message>
        <source>It does not fit: {needed:memory} must stay in RAM, and {free:memory} are free.</source>
        <translation>放不下：{needed:memory} 必须留在内存里，而空闲内存只有 {free:memory}。</translation>
    </message>
    <message>
        <source>Micro-batch {size}: its buffers are smaller.</source>
        <translation>微批次 {size}：缓冲区更小。</translation>
    </message>
    <message>
        <source>Micro-batch {size}: prompts are read at {mine:rate} tok/s instead of {its:rate}.</source>
        <translation>微批次 {size}：读取提示的速度为 {mine:rate} tok/s，否则为 {its:rate}。</translation>
    </message>
    <message>
        <source>No card is used: {why}</source>
        <translation>不使用显卡：{why}</translation>
    </message>
    <message>
        <source>On {cards:names} alone</source>
        <translation>只用 {cards:names}</translation>
    </message>
    <message>
        <source>RAM has {free:memory} free and lacks {over:memory}: that part is read from disk again and again.</source>
        <translation>空闲内存 {free:memory}，还差 {over:memory}：这一部分要反复从磁盘读取。</translation>
    </message>
    <message>
        <source>Split by layer over {cards:names}</source>
        <translation>按层分到 {cards:names}</translation>
    </message>
    <message>
        <source>Split by layer: by tensor, the cards could not fetch what lies in RAM to read prompts.</source>
        <translation>按层拆分：若按张量拆分，读取提示时显卡无法取用内存里的部分。</translation>
    </message>
    <message>
        <source>Split by layer: {why}</source>
        <translation>按层拆分：{why}</translation>
    </message>
    <message>
        <source>Split by tensor over {cards:names}</source>
        <translation>按张量分到 {cards:names}</translation>
    </message>
    <message>
        <source>Split by tensor: {why}.</source>
        <translation>按张量拆分：{why}。</translation>
    </message>
    <message>
        <source>Tensor split is not possible: llama.cpp does not split {name} by tensor.</source>
        <translation>不能按张量拆分：llama.cpp 不支持对 {name} 架构按张量拆分。</translation>
    </message>
    <message>
        <source>Tensor split needs more than one card.</source>
        <translation>按张量拆分需要不止一块显卡。</translation>
    </message>
    <message>
        <source>The cache is {cache}: it leaves room for more context.</source>
        <translation>缓存为 {cache}：可以容纳更长的上下文。</translation>
    </message>
    <message>
        <source>The cache is {cache}: {why}</source>
        <translation>缓存为 {cache}：{why}</translation>
    </message>
    <message>
        <source>The experts of {which} stay in RAM (but for {kept:names} of the first), {size:memory}: what every token reads goes on the cards first.</source>
        <translation>{which}的专家留在内存（其中第一层的 {kept:names} 除外），共 {size:memory}：每个词元都要读取的部分优先放到显卡上。</translation>
    </message>
    <message>
        <source>The experts of {which} stay in RAM, {size:memory}: what every token reads goes on the cards first.</source>
        <translation>{which}的专家留在内存，共 {size:memory}：每个词元都要读取的部分优先放到显卡上。</translation>
    </message>
    <message>
        <source>The file is mapped: {size:memory} would fill the free RAM.</source>
        <translation>文件以映射方式加载：{size:memory} 会占满空闲内存。</translation>
    </message>
    <message>
        <source>The model was trained for {trained:tokens} of context, not {own:tokens}.</source>
        <translation>模型训练时的上下文是 {trained:tokens}，不是 {own:tokens}。</translation>
    </message>
    <message>
        <source>The processor computes {count} of {layers} layers: the model has {size:memory}, the card has {free:memory} to give.</source>
        <translation>{layers} 层中有 {count} 层由处理器计算：模型有 {size:memory}，显卡只能提供 {free:memory}。</translation>
    </message>
    <message>
        <source>The processor computes {count} of {layers} layers: the model has {size:memory}, the cards have {free:memory} to give.</source>
        <translation>{layers} 层中有 {count} 层由处理器计算：模型有 {size:memory}，各显卡共能提供 {free:memory}。</translation>
    </message>
    <message>
        <source>There is no card: the processor does all the work.</source>
        <translation>没有显卡：全部由处理器计算。</translation>
    </message>
    <message>
        <source>Trying again with {what}.</source>
        <translation>正在重试：{what}。</translation>
    </message>
    <message>
        <source>a context of {then:,} tokens instead of {now:,}</source>
        <translation>上下文由 {now:,} 减为 {then:,} 个词元</translation>
    </message>
    <message>
        <source>a micro-batch of {then} tokens instead of {now}</source>
        <translation>微批次由 {now} 减为 {then}</translation>
    </message>
    <message>
        <source>a {then} KV cache instead of {now}</source>
        <translation>KV 缓存由 {now} 改为 {then}</translation>
    </message>
    <message>
        <source>all layers</source>
        <translation>所有层</translation>
    </message>
    <message>
        <source>by tensor</source>
        <translation>若按张量拆分，</translation>
    </message>
    <message>
        <source>close other programs ({used:memory})</source>
        <translation>关闭其他程序（{used:memory}）</translation>
    </message>
    <message>
        <source>context {now:tokens} → {then:tokens}</source>
        <translation>上下文 {now:tokens} → {then:tokens}</translation>
    </message>
    <message>
        <source>one card</source>
        <translation>一块显卡</translation>
    </message>
    <message>
        <source>one more {card}</source>
        <translation>再加一块 {card}</translation>
    </message>
    <message>
        <source>one {card}</source>
        <translation>一块 {card}</translation>
    </message>
    <message>
        <source>q8_0 KV cache</source>
        <translation>KV 缓存用 q8_0</translation>
    </message>
    <message>
        <source>the cards work on each layer at once and decode {mine:rate} tok/s</source>
        <translation>各显卡同时计算每一层，生成速度 {mine:rate} tok/s</translation>
    </message>
    <message>
        <source>the experts of {count} layers in RAM</source>
        <translation>{count} 层的专家放进内存</translation>
    </message>
    <message>
        <source>the last {count} of {of} layers</source>
        <translation>{of} 层中最后 {count} 层</translation>
    </message>
    <message>
        <source>with f16</source>
        <translation>若用 f16，</translation>
    </message>
    <message>
        <source>with it</source>
        <translation>加上它，</translation>
    </message>
    <message>
        <source>with one</source>
        <translation>若用一块，</translation>
    </message>
    <message>
        <source>with that</source>
        <translation>若取后者，</translation>
    </message>
    <message>
        <source>with them</source>
        <translation>加上它们，</translation>
    </message>
    <message>
        <source>{bits:.1f} bits a weight cost quality that is felt: on an 8B model such files raise perplexity by {percent:.0f} %. Larger models lose less.</source>
        <translation>每权重 {bits:.1f} 位会明显降低质量：在 8B 模型上，这样的文件使困惑度升高 {percent:.0f} %。模型越大，损失越小。</translation>
    </message>
    <message>
        <source>{bits:.1f} bits a weight cost quality that is felt: on an 8B model such files raise perplexity by {times:.0f} times itself. Larger models lose less.</source>
        <translation>每权重 {bits:.1f} 位会明显降低质量：在 8B 模型上，这样的文件使困惑度增加到原来的数倍（增量为原值的 {times:.0f} 倍）。模型越大，损失越小。</translation>
    </message>
    <message>
        <source>{cards:names} alone would decode {its:rate} tok/s instead of {mine:rate}</source>
        <translation>只用{cards:names}，生成速度为 {its:rate} tok/s，而不是 {mine:rate}</translation>
    </message>
    <message>
        <source>{cards:names} alone would lack {over:memory}</source>
        <translation>只用{cards:names}还差 {over:memory}</translation>
    </message>
    <message>
        <source>{cards:names} alone would read prompts at {its:rate} tok/s instead of {mine:rate}</source>
        <translation>只用{cards:names}，读取提示的速度为 {its:rate} tok/s，而不是 {mine:rate}</translation>
    </message>
    <message>
        <source>{cards:names} are left out: {why}</source>
        <translation>不使用 {cards:names}：{why}</translation>
    </message>
    <message>
        <source>{cards:names} is left out: {why}</source>
        <translation>不使用 {cards:names}：{why}</translation>
    </message>
    <message>
        <source>{cards:names} work together: {why}.</source>
        <translation>{cards:names} 一起工作：{why}。</translation>
    </message>
    <message>
        <source>{card} in place of {worst}</source>
        <translation>把 {worst} 换成 {card}</translation>
    </message>
    <message>
        <source>{how} the plan would decode {its:rate} tok/s against {mine:rate}, not worth it.</source>
        <translation>{how}生成速度为 {its:rate} tok/s，现在为 {mine:rate}，不值得。</translation>
    </message>
    <message>
        <source>{how} the plan would decode {its:rate} tok/s instead of {mine:rate}.</source>
        <translation>{how}生成速度只有 {its:rate} tok/s，而不是 {mine:rate}。</translation>
    </message>
    <message>
        <source>{how} the plan would lack {over:memory}.</source>
        <translation>{how}还差 {over:memory}。</translation>
    </message>
    <message>
        <source>{mine:rate} tok/s instead of {its:rate} by layer; it loads in {load:.0f} s instead of {its_load:.0f} s</source>
        <translation>{mine:rate} tok/s，按层则为 {its:rate}；加载需 {load:.0f} 秒，按层则为 {its_load:.0f} 秒</translation>
    </message>
    <message>
        <source>{size:memory} of weights are read whole into RAM, where the cards fetch them faster.</source>
        <translation>{size:memory} 的权重整个读入内存，显卡从那里取得更快。</translation>
    </message>
    <message>
        <source>{size} GB more RAM</source>
        <translation>再加 {size} GB 内存</translation>
    </message>
    <message>
        <source>{streams} streams have a cache each, of {own:,} tokens: faster together.</source>
        <translation>{streams} 路并行各有 {own:,} 个词元 的缓存：一起跑更快。</translation>
    </message>
    <message>
        <source>{then} instead of {now} layers on the cards</source>
        <translation>显卡上的层由 {now} 减为 {then}</translation>
    </message>
    <message>
        <source>{what}: decodes {its:rate} tok/s, where the chosen plan does {mine:rate}.</source>
        <translation>{what}：生成速度 {its:rate} tok/s，所选方案为 {mine:rate}。</translation>
    </message>
</context>
<context>
    <name>sayings</name>
    <message>
        <source>Loaded smaller than planned: {0}.</source>
        <translation>内存不足，已按更小的配置加载：{0}。</translation>
    </message>
    <message>
        <source>; </source>
        <translation>；</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}、{1}</translation>
    </message>
    <message>
        <source>{0} and {1}</source>
        <translation>{0} 和 {1}</translation>
    </message>
</context>
<context>
    <name>DetailsDialog</name>
    <message>
        <source>Tensors by type</source>
        <translation>按类型分的张量</translation>
    </message>
    <message>
        <source>Search in metadata and tensors</source>
        <translation>搜索元数据和张量</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation>元数据</translation>
    </message>
    <message>
        <source>Tensors</source>
        <translation>张量</translation>
    </message>
    <message>
        <source>Chat template</source>
        <translation>对话模板</translation>
    </message>
    <message>
        <source>The file brings no chat template.</source>
        <translation>文件中没有对话模板。</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>键</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>张量</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Details of {0}</source>
        <translation>{0} 的详情</translation>
    </message>
    <message>
        <source>{0} tensors</source>
        <translation>{0} 个张量</translation>
    </message>
    <message>
        <source>{0} bits per weight</source>
        <translation>每权重 {0} 比特</translation>
    </message>
    <message>
        <source>others</source>
        <translation>其他</translation>
    </message>
</context>
<context>
    <name>DownloadDelegate</name>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Try hf-mirror.com</source>
        <translation>改用 hf-mirror.com</translation>
    </message>
    <message>
        <source>Chat with it</source>
        <translation>用它聊天</translation>
    </message>
</context>
<context>
    <name>DownloadsList</name>
    <message>
        <source>Queued</source>
        <translation>排队中</translation>
    </message>
    <message>
        <source>Downloading</source>
        <translation>下载中</translation>
    </message>
    <message>
        <source>Verifying</source>
        <translation>校验中</translation>
    </message>
    <message>
        <source>Repairing damaged parts</source>
        <translation>正在修复损坏部分</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Here, and complete</source>
        <translation>已下载完整</translation>
    </message>
    <message>
        <source>Broke off; what has arrived is kept</source>
        <translation>已中断；已下载的部分保留</translation>
    </message>
    <message>
        <source>Stopped; what has arrived is kept</source>
        <translation>已停止；已下载的部分保留</translation>
    </message>
</context>
<context>
    <name>DownloadsPanel</name>
    <message>
        <source>Take complete ones off the list</source>
        <translation>从列表移除已完成的</translation>
    </message>
    <message>
        <source>What has arrived of it is deleted.</source>
        <translation>已下载的部分会被删除。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Pause all</source>
        <translation>全部暂停</translation>
    </message>
    <message>
        <source>Go on with all</source>
        <translation>全部继续</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>{0} under way or queued</source>
        <translation>{0} 个进行中或排队</translation>
    </message>
    <message>
        <source>Remove {0}?</source>
        <translation>移除 {0}？</translation>
    </message>
    <message>
        <source>{0} left</source>
        <translation>还剩 {0}</translation>
    </message>
</context>
<context>
    <name>DownloadsStrip</name>
    <message>
        <source>Broke off: see why</source>
        <translation>已中断：查看原因</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>{0} downloads</source>
        <translation>{0} 个下载</translation>
    </message>
    <message>
        <source>{0} left</source>
        <translation>还剩 {0}</translation>
    </message>
</context>
<context>
    <name>DownloadsView</name>
    <message>
        <source>Downloads</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>上移</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>下移</translation>
    </message>
</context>
<context>
    <name>FoldersDialog</name>
    <message>
        <source>None was found on this computer.</source>
        <translation>这台电脑上没有找到。</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Looking for other programs' folders…</source>
        <translation>正在查找其他程序的文件夹…</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Add a folder</source>
        <translation>添加文件夹</translation>
    </message>
    <message>
        <source>1 model, {1}</source>
        <translation>1 个模型，{1}</translation>
    </message>
    <message>
        <source>{0} models, {1}</source>
        <translation>{0} 个模型，{1}</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Found in other programs</source>
        <translation>在其他程序中找到</translation>
    </message>
    <message>
        <source>Their models are used where they lie.</source>
        <translation>这些模型在原处直接使用。</translation>
    </message>
    <message>
        <source>Show the models of {0}</source>
        <translation>显示 {0} 的模型</translation>
    </message>
    <message>
        <source>Your folders</source>
        <translation>你的文件夹</translation>
    </message>
    <message>
        <source>Downloads go here</source>
        <translation>下载保存在这里</translation>
    </message>
    <message>
        <source>Show the models of {0} no longer</source>
        <translation>不再显示 {0} 的模型</translation>
    </message>
</context>
<context>
    <name>HubSection</name>
    <message>
        <source>The system names none: connections are direct</source>
        <translation>系统未设置代理：直接连接</translation>
    </message>
    <message>
        <source>A mirror is asked. The access token is never sent there.</source>
        <translation>正在使用镜像。访问令牌绝不会发送给它。</translation>
    </message>
    <message>
        <source>Address of the Hub</source>
        <translation>Hub 的地址</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Ask ModelScope where the first source fails</source>
        <translation>首选来源失败时改用 ModelScope</translation>
    </message>
    <message>
        <source>Access token</source>
        <translation>访问令牌</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>A token is kept in the keyring</source>
        <translation>令牌已保存在系统钥匙串</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>更换</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Second source</source>
        <translation>第二来源</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation>正在询问…</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Ask ModelScope where the first fails; its bytes are compared</source>
        <translation>首选来源失败时改用 ModelScope，并核对其字节</translation>
    </message>
    <message>
        <source>The system's is used: {0}</source>
        <translation>使用系统代理：{0}</translation>
    </message>
    <message>
        <source>Where models come from</source>
        <translation>模型从哪里来</translation>
    </message>
</context>
<context>
    <name>LibraryPresenter</name>
    <message>
        <source>{0} is loaded. Unload it first, then delete it.</source>
        <translation>{0} 已加载。请先卸载，再删除。</translation>
    </message>
    <message>
        <source>No model is here twice.</source>
        <translation>没有重复的模型。</translation>
    </message>
    <message>
        <source>No newer version is known of any model.</source>
        <translation>没有发现任何模型的新版本。</translation>
    </message>
</context>
<context>
    <name>LibraryScreen</name>
    <message>
        <source>1 model is here a second time, byte for byte; {1} could be freed.</source>
        <translation>有 1 个模型逐字节重复；可释放 {1}。</translation>
    </message>
    <message>
        <source>{0} models are here once more, byte for byte; {1} could be freed.</source>
        <translation>有 {0} 个模型逐字节重复；可释放 {1}。</translation>
    </message>
    <message>
        <source>Discover what runs well on this computer, or drop a folder or a .gguf file in.</source>
        <translation>去发现适合这台电脑的模型，或把文件夹、.gguf 文件拖进来。</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>模型库</translation>
    </message>
    <message>
        <source>Look at the folders again</source>
        <translation>重新查看文件夹</translation>
    </message>
    <message>
        <source>Folders…</source>
        <translation>文件夹…</translation>
    </message>
    <message>
        <source>Newer versions?</source>
        <translation>检查新版本</translation>
    </message>
    <message>
        <source>Duplicates?</source>
        <translation>查找重复</translation>
    </message>
    <message>
        <source>Show them</source>
        <translation>显示它们</translation>
    </message>
    <message>
        <source>Discover models</source>
        <translation>发现模型</translation>
    </message>
    <message>
        <source>Search the library</source>
        <translation>搜索模型库</translation>
    </message>
    <message>
        <source>Nothing is called that</source>
        <translation>没有这样的模型</translation>
    </message>
    <message>
        <source>No model is here yet</source>
        <translation>这里还没有模型</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Comparing…</source>
        <translation>正在比较…</translation>
    </message>
    <message>
        <source>Asking the Hub…</source>
        <translation>正在询问 Hub…</translation>
    </message>
</context>
<context>
    <name>PaceFields</name>
    <message>
        <source>No limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>Speed limit of all downloads together</source>
        <translation>所有下载的总限速</translation>
    </message>
    <message>
        <source>Downloads at once</source>
        <translation>同时下载数</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>限速</translation>
    </message>
    <message>
        <source>At once</source>
        <translation>同时</translation>
    </message>
</context>
<context>
    <name>ShelfDelegate</name>
    <message>
        <source>{0} files</source>
        <translation>{0} 个文件</translation>
    </message>
</context>
<context>
    <name>ShelfFoot</name>
    <message>
        <source>{0} free of {1}</source>
        <translation>可用 {0}，共 {1}</translation>
    </message>
    <message>
        <source>1 model</source>
        <translation>1 个模型</translation>
    </message>
    <message>
        <source>{0} models</source>
        <translation>{0} 个模型</translation>
    </message>
    <message>
        <source>Disk: {0}</source>
        <translation>磁盘：{0}</translation>
    </message>
</context>
<context>
    <name>ShelfTable</name>
    <message>
        <source>never</source>
        <translation>从未</translation>
    </message>
    <message>
        <source>today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>Waiting to be verified</source>
        <translation>等待校验</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Quantization</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Last use</source>
        <translation>上次使用</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Loaded</source>
        <translation>已加载</translation>
    </message>
    <message>
        <source>Newer upstream</source>
        <translation>上游有新版本</translation>
    </message>
    <message>
        <source>Verified: every byte is as it was published</source>
        <translation>已校验：每个字节都与发布的一致</translation>
    </message>
    <message>
        <source>Damaged: its bytes are not the published ones. Download it again.</source>
        <translation>已损坏：字节与发布的不一致。请重新下载。</translation>
    </message>
    <message>
        <source>Read through; nobody published a hash to compare with</source>
        <translation>已通读；没有可供核对的哈希</translation>
    </message>
    <message>
        <source>Verifying, {0} %</source>
        <translation>正在校验，{0} %</translation>
    </message>
    <message>
        <source>{0} days ago</source>
        <translation>{0} 天前</translation>
    </message>
    <message>
        <source>Same bytes as {0}</source>
        <translation>与 {0} 的字节相同</translation>
    </message>
    <message>
        <source>Own folder</source>
        <translation>自有文件夹</translation>
    </message>
</context>
<context>
    <name>ShelfView</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
</context>
<context>
    <name>VerbsBar</name>
    <message>
        <source>Another program, or you, put these files there and may still use them.</source>
        <translation>这些文件是其他程序或你自己放在那里的，可能仍在使用。</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>聊天</translation>
    </message>
    <message>
        <source>Placement…</source>
        <translation>放置…</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>校验</translation>
    </message>
    <message>
        <source>Details…</source>
        <translation>详情…</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Move to the bin</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>Delete them all the same</source>
        <translation>仍然删除</translation>
    </message>
    <message>
        <source>A loaded model cannot be deleted: unload it first.</source>
        <translation>已加载的模型不能删除：请先卸载。</translation>
    </message>
    <message>
        <source>Move {0} to the bin?</source>
        <translation>把 {0} 移到回收站？</translation>
    </message>
    <message>
        <source>Move {0} models to the bin?</source>
        <translation>把 {0} 个模型移到回收站？</translation>
    </message>
    <message>
        <source>{0} are freed once the bin is emptied.</source>
        <translation>清空回收站后释放 {0}。</translation>
    </message>
    <message>
        <source>{0} did not come through Fullbore.</source>
        <translation>{0} 不是通过 Fullbore 下载的。</translation>
    </message>
    <message>
        <source>{0} of them did not come through Fullbore.</source>
        <translation>其中 {0} 个不是通过 Fullbore 下载的。</translation>
    </message>
    <message>
        <source>{0} chosen · {1}</source>
        <translation>已选 {0} 个 · {1}</translation>
    </message>
    <message>
        <source>Stop verifying</source>
        <translation>停止校验</translation>
    </message>
    <message>
        <source>The model lies in {0}</source>
        <translation>模型位于 {0}</translation>
    </message>
</context>
<context>
    <name>GateCard</name>
    <message>
        <source>Access token (hf_…)</source>
        <translation>访问令牌（hf_…）</translation>
    </message>
    <message>
        <source>Access token</source>
        <translation>访问令牌</translation>
    </message>
    <message>
        <source>Keep it in the system's keyring</source>
        <translation>存入系统钥匙串</translation>
    </message>
    <message>
        <source>Open its page in the browser</source>
        <translation>在浏览器中打开其页面</translation>
    </message>
    <message>
        <source>Its licence must be accepted on its page. Your access token is kept.</source>
        <translation>须先在其页面上接受许可协议。访问令牌已保存。</translation>
    </message>
    <message>
        <source>This repository asks for a login: accept its licence on its page, then give an access token with the right to read.</source>
        <translation>此仓库要求登录：请先在其页面上接受许可协议，再填写有读取权限的访问令牌。</translation>
    </message>
</context>
<context>
    <name>RepositoryView</name>
    <message>
        <source>Close this page</source>
        <translation>关闭此页</translation>
    </message>
    <message>
        <source>Open its page in the browser</source>
        <translation>在浏览器中打开其页面</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Asking the Hub…</source>
        <translation>正在询问 Hub…</translation>
    </message>
    <message>
        <source>What is shown</source>
        <translation>显示内容</translation>
    </message>
    <message>
        <source>Model card</source>
        <translation>模型卡</translation>
    </message>
    <message>
        <source>Quantizations</source>
        <translation>量化版本</translation>
    </message>
    <message>
        <source>as last seen</source>
        <translation>上次所见</translation>
    </message>
    <message>
        <source>This repository has no model card.</source>
        <translation>此仓库没有模型卡。</translation>
    </message>
</context>
<context>
    <name>discover</name>
    <message>
        <source>Our advice</source>
        <translation>推荐</translation>
    </message>
    <message>
        <source>{0} in {1} files</source>
        <translation>{0}，共 {1} 个文件</translation>
    </message>
    <message>
        <source>poor</source>
        <translation>较差</translation>
    </message>
    <message>
        <source>{0} expected; four of five runs lie within {1}.
Prompts: {2} tok/s. Loading takes {3}.</source>
        <translation>预计 {0}；五次运行中有四次在 {1} 之间。
提示词：{2} tok/s。加载需 {3}。</translation>
    </message>
    <message>
        <source>With {0}: {1}.</source>
        <translation>若{0}：{1}。</translation>
    </message>
    <message>
        <source>Runs on the cards</source>
        <translation>全在显卡上</translation>
    </message>
    <message>
        <source>Experts in RAM</source>
        <translation>专家在内存</translation>
    </message>
    <message>
        <source>Layers in RAM</source>
        <translation>部分层在内存</translation>
    </message>
    <message>
        <source>Runs in RAM</source>
        <translation>在内存中运行</translation>
    </message>
    <message>
        <source>Partly from disk</source>
        <translation>部分从磁盘读取</translation>
    </message>
    <message>
        <source>Does not fit</source>
        <translation>放不下</translation>
    </message>
    <message>
        <source>Mean divergence from the original: {0}</source>
        <translation>与原模型的平均散度：{0}</translation>
    </message>
    <message>
        <source>Perplexity: {0} % more</source>
        <translation>困惑度：高 {0} %</translation>
    </message>
    <message>
        <source>{0} would give {1}.</source>
        <translation>{0} 则为 {1}。</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Queued</source>
        <translation>排队中</translation>
    </message>
    <message>
        <source>Checking</source>
        <translation>校验中</translation>
    </message>
    <message>
        <source>Repairing</source>
        <translation>修复中</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>{0} bits</source>
        <translation>{0} 位</translation>
    </message>
    <message>
        <source>excellent</source>
        <translation>极好</translation>
    </message>
    <message>
        <source>very good</source>
        <translation>很好</translation>
    </message>
    <message>
        <source>good</source>
        <translation>好</translation>
    </message>
    <message>
        <source>fair</source>
        <translation>尚可</translation>
    </message>
    <message>
        <source>{0} at {1}; quality: {2}; {3}.</source>
        <translation>{0}，{1}；质量：{2}；{3}。</translation>
    </message>
    <message>
        <source>Source: {0}</source>
        <translation>来源：{0}</translation>
    </message>
    <message>
        <source>with {0}</source>
        <translation>若{0}</translation>
    </message>
    <message>
        <source>{0} cards</source>
        <translation>{0} 块显卡</translation>
    </message>
    <message>
        <source>{0} active</source>
        <translation>激活 {0}</translation>
    </message>
    <message>
        <source>{0} parameters</source>
        <translation>{0} 参数</translation>
    </message>
    <message>
        <source>context {0}</source>
        <translation>上下文 {0}</translation>
    </message>
    <message>
        <source>licence {0}</source>
        <translation>许可 {0}</translation>
    </message>
    <message>
        <source>of {0}</source>
        <translation>源自 {0}</translation>
    </message>
    <message>
        <source>updated {0}</source>
        <translation>更新于 {0}</translation>
    </message>
    <message>
        <source>{0} downloads</source>
        <translation>{0} 次下载</translation>
    </message>
    <message>
        <source>Fits your cards (estimate)</source>
        <translation>显卡放得下（估算）</translation>
    </message>
    <message>
        <source>Runs with RAM (estimate)</source>
        <translation>需借助内存（估算）</translation>
    </message>
    <message>
        <source>Too big for this computer (estimate)</source>
        <translation>对本机太大（估算）</translation>
    </message>
    <message>
        <source>Size not told</source>
        <translation>大小未知</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Search Hugging Face, or type owner/name</source>
        <translation>搜索 Hugging Face，或输入 所有者/名称</translation>
    </message>
    <message>
        <source>Search for models</source>
        <translation>搜索模型</translation>
    </message>
</context>
<context>
    <name>SieveBar</name>
    <message>
        <source>Order</source>
        <translation>排序</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>系列</translation>
    </message>
    <message>
        <source>Any family</source>
        <translation>所有系列</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Any size</source>
        <translation>任意大小</translation>
    </message>
    <message>
        <source>Fits this machine</source>
        <translation>本机可运行</translation>
    </message>
    <message>
        <source>Estimated from the size alone</source>
        <translation>仅按大小估算</translation>
    </message>
    <message>
        <source>Without login</source>
        <translation>无需登录</translation>
    </message>
    <message>
        <source>Stop the search</source>
        <translation>停止搜索</translation>
    </message>
    <message>
        <source>Trending</source>
        <translation>热门</translation>
    </message>
    <message>
        <source>Most downloads</source>
        <translation>下载最多</translation>
    </message>
    <message>
        <source>Most likes</source>
        <translation>点赞最多</translation>
    </message>
    <message>
        <source>Newest</source>
        <translation>最近更新</translation>
    </message>
    <message>
        <source>up to {0}B</source>
        <translation>不超过 {0}B</translation>
    </message>
    <message>
        <source>over {0}B</source>
        <translation>超过 {0}B</translation>
    </message>
</context>
<context>
    <name>DiscoverScreen</name>
    <message>
        <source>The Hub is being asked</source>
        <translation>正在询问 Hub</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Use a mirror…</source>
        <translation>使用镜像…</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Worth knowing</source>
        <translation>值得了解</translation>
    </message>
    <message>
        <source>Repositories</source>
        <translation>仓库</translation>
    </message>
    <message>
        <source>Nothing was found. Try fewer words or filters.</source>
        <translation>没有找到。请减少关键词或筛选条件。</translation>
    </message>
    <message>
        <source>Worth knowing, what runs best here first</source>
        <translation>值得了解的模型，本机运行最好的在前</translation>
    </message>
    <message>
        <source>{0} repositories</source>
        <translation>{0} 个仓库</translation>
    </message>
</context>
<context>
    <name>Heads</name>
    <message>
        <source>Quantization</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>质量</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
</context>
<context>
    <name>OffersView</name>
    <message>
        <source>Quantizations</source>
        <translation>量化版本</translation>
    </message>
    <message>
        <source>Placement…</source>
        <translation>放置…</translation>
    </message>
</context>
<context>
    <name>PickerView</name>
    <message>
        <source>What matters most</source>
        <translation>最看重什么</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Let Fullbore choose the context</source>
        <translation>由 Fullbore 选择上下文</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Placement…</source>
        <translation>放置…</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>均衡</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>质量</translation>
    </message>
    <message>
        <source>Plan for other hardware…</source>
        <translation>为其他硬件规划…</translation>
    </message>
    <message>
        <source>Working out how each of them would run…</source>
        <translation>正在计算每个版本如何运行…</translation>
    </message>
    <message>
        <source>None of them fits</source>
        <translation>都放不下</translation>
    </message>
    <message>
        <source>with {0} ({1})</source>
        <translation>连同 {0}（{1}）</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Planned for {0}: plan for this computer again</source>
        <translation>正为 {0} 规划：改回本机</translation>
    </message>
    <message>
        <source>{0} of {1} headers read</source>
        <translation>已读取 {0} / {1} 个文件头</translation>
    </message>
    <message>
        <source>automatic: {0}</source>
        <translation>自动：{0}</translation>
    </message>
</context>
<context>
    <name>_Cards</name>
    <message>
        <source>How many of this card</source>
        <translation>此显卡的数量</translation>
    </message>
    <message>
        <source>Card</source>
        <translation>显卡</translation>
    </message>
    <message>
        <source>Leave this card out</source>
        <translation>去掉此显卡</translation>
    </message>
</context>
<context>
    <name>MachineDialog</name>
    <message>
        <source>Plan for other hardware</source>
        <translation>为其他硬件规划</translation>
    </message>
    <message>
        <source>Amount of RAM</source>
        <translation>内存容量</translation>
    </message>
    <message>
        <source>Kind of RAM</source>
        <translation>内存类型</translation>
    </message>
    <message>
        <source>2 channels</source>
        <translation>2 通道</translation>
    </message>
    <message>
        <source>Channels of RAM</source>
        <translation>内存通道</translation>
    </message>
    <message>
        <source>The machine in words</source>
        <translation>用文字描述机器</translation>
    </message>
    <message>
        <source>Plan for it</source>
        <translation>为它规划</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Another card</source>
        <translation>再加一块显卡</translation>
    </message>
    <message>
        <source>Cards</source>
        <translation>显卡</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>In words</source>
        <translation>文字描述</translation>
    </message>
    <message>
        <source>{0} channels</source>
        <translation>{0} 通道</translation>
    </message>
</context>
<context>
    <name>FindsList</name>
    <message>
        <source>asks for a login</source>
        <translation>需要登录</translation>
    </message>
    <message>
        <source>{count} downloads</source>
        <translation>{count} 次下载</translation>
    </message>
    <message>
        <source>{count} likes</source>
        <translation>{count} 个赞</translation>
    </message>
</context>
<context>
    <name>WorthyList</name>
    <message>
        <source>{total}, {active} active</source>
        <translation>{total}，激活 {active}</translation>
    </message>
</context>
<context>
    <name>OffersList</name>
    <message>
        <source>{size} in {count} files</source>
        <translation>{size}，共 {count} 个文件</translation>
    </message>
</context>
<context>
    <name>Curated</name>
    <message>
        <source>Runs on anything, also without a card: summaries, rewriting, a first try.</source>
        <translation>哪里都能跑，没有显卡也行：摘要、改写、初次尝试。</translation>
    </message>
    <message>
        <source>Reasons when it is told to, on a laptop with 8 GB.</source>
        <translation>按需思考，8 GB 的笔记本就能运行。</translation>
    </message>
    <message>
        <source>Text, pictures and 140 languages in 5 GB; trained to be quantized to 4 bits.</source>
        <translation>5 GB 容纳文字、图片和 140 种语言；专为 4 位量化训练。</translation>
    </message>
    <message>
        <source>The most that a card of 12 GB holds with room for a long context.</source>
        <translation>12 GB 显卡能容纳的最大模型，且留有长上下文的空间。</translation>
    </message>
    <message>
        <source>Few active parameters: fast on a card of 16 GB, usable in RAM alone.</source>
        <translation>激活参数少：16 GB 显卡上很快，只用内存也可用。</translation>
    </message>
    <message>
        <source>Reads pictures too; with 4B active parameters it is fast even where its experts lie in RAM.</source>
        <translation>也能看图；激活参数仅 4B，专家放在内存中也很快。</translation>
    </message>
    <message>
        <source>The strongest dense model for one card of 24 GB: code, tools, pictures, 256K tokens.</source>
        <translation>单块 24 GB 显卡上最强的稠密模型：代码、工具、图片、256K 词元。</translation>
    </message>
    <message>
        <source>The largest Gemma: many languages and pictures, on one card of 24 GB.</source>
        <translation>最大的 Gemma：多语言、能看图，一块 24 GB 显卡即可。</translation>
    </message>
    <message>
        <source>3B active parameters: quick on a small card with the experts in RAM, very quick on 24 GB.</source>
        <translation>激活参数 3B：小显卡配内存中的专家也快，24 GB 上非常快。</translation>
    </message>
    <message>
        <source>The large model for one card and 64 GB of RAM: 5B active parameters, stored in 4 bits.</source>
        <translation>一块显卡加 64 GB 内存就能跑的大模型：激活 5B，以 4 位存储。</translation>
    </message>
    <message>
        <source>A preview of Qwen4: 6B active of 125B, and a large table of embeddings that may stay in RAM.</source>
        <translation>Qwen4 的预览：125B 中激活 6B，庞大的嵌入表可留在内存。</translation>
    </message>
    <message>
        <source>DeepSeek's quick one, 13B active: nearly lossless with 192 GB of cards and RAM together.</source>
        <translation>DeepSeek 的快速版，激活 13B：显卡与内存共 192 GB 时几乎无损。</translation>
    </message>
    <message>
        <source>Code, agents and pictures with 18B active parameters; 3 bits take about 154 GB.</source>
        <translation>代码、智能体与图片，激活 18B；3 位约需 154 GB。</translation>
    </message>
    <message>
        <source>Of the strongest open models; 2 bits need 256 GB of cards and RAM together.</source>
        <translation>最强的开放模型之一；2 位需要显卡与内存共 256 GB。</translation>
    </message>
    <message>
        <source>2.8 trillion parameters, for servers: the smallest quantization takes 595 GB.</source>
        <translation>2.8 万亿参数，面向服务器：最小的量化版本也要 595 GB。</translation>
    </message>
</context>
</TS>
