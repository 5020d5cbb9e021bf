<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Fullbore</source>
        <translation>关于 Fullbore</translation>
    </message>
    <message>
        <source>Chats, settings and models are kept in this folder:</source>
        <translation>对话、设置和模型保存在此文件夹：</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Fullbore</source>
        <translation>Fullbore</translation>
    </message>
    <message>
        <source>Fullbore {0}</source>
        <translation>Fullbore {0}</translation>
    </message>
    <message>
        <source>In this version</source>
        <translation>本版本</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>许可</translation>
    </message>
    <message>
        <source>New in {0}</source>
        <translation>{0} 的新内容</translation>
    </message>
    <message>
        <source>Nothing is told of this version.</source>
        <translation>没有关于此版本的说明。</translation>
    </message>
    <message>
        <source>Open Fullbore&apos;s page</source>
        <translation>打开 Fullbore 主页</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Runs language models on your own machine. MIT licence.</source>
        <translation>在您自己的电脑上运行语言模型。MIT 许可。</translation>
    </message>
    <message>
        <source>What&apos;s new</source>
        <translation>新内容</translation>
    </message>
    <message>
        <source>llama.cpp of llama-cpp-python {0}</source>
        <translation>llama-cpp-python {0} 的 llama.cpp</translation>
    </message>
</context>
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
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>It is here</source>
        <translation>已在本机</translation>
    </message>
    <message>
        <source>Reading its header, to know exactly…</source>
        <translation>正在读取文件头，以得到准确结果…</translation>
    </message>
</context>
<context>
    <name>Advising</name>
    <message>
        <source>There is no room for it on the disk.</source>
        <translation>磁盘空间不足。</translation>
    </message>
</context>
<context>
    <name>AlertRow</name>
    <message>
        <source>Dismiss: {0}</source>
        <translation>关闭：{0}</translation>
    </message>
    <message>
        <source>{0}: threshold</source>
        <translation>{0}：阈值</translation>
    </message>
    <message>
        <source>{0}: for how long</source>
        <translation>{0}：持续时间</translation>
    </message>
</context>
<context>
    <name>AlertStrip</name>
    <message>
        <source>Alerts</source>
        <translation>警报</translation>
    </message>
    <message>
        <source>{0} more alerts</source>
        <translation>另有 {0} 条警报</translation>
    </message>
    <message>
        <source>All alerts</source>
        <translation>所有警报</translation>
    </message>
</context>
<context>
    <name>AlertsDialog</name>
    <message>
        <source>Alerts</source>
        <translation>警报</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
</context>
<context>
    <name>AlertsPanel</name>
    <message>
        <source>Nothing was wrong within the last seven days.</source>
        <translation>最近七天没有异常。</translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation>警报</translation>
    </message>
</context>
<context>
    <name>AlertsSection</name>
    <message>
        <source>Alerts</source>
        <translation>警报</translation>
    </message>
    <message>
        <source>Notes on the desktop</source>
        <translation>桌面通知</translation>
    </message>
    <message>
        <source>Alerts are told while you look at other windows.</source>
        <translation>您在看其他窗口时也会收到警报。</translation>
    </message>
    <message>
        <source>More of a card is used than this, and was not planned.</source>
        <translation>显卡的占用超过此值，且不在计划之内。</translation>
    </message>
    <message>
        <source>Less of a card is free, and was not planned.</source>
        <translation>显卡的空闲低于此值，且不在计划之内。</translation>
    </message>
    <message>
        <source>A card is that close to the heat at which it slows down.</source>
        <translation>显卡温度距降频温度不到此值。</translation>
    </message>
    <message>
        <source>Heat or the power supply slows a card down.</source>
        <translation>过热或供电使显卡降频。</translation>
    </message>
    <message>
        <source>A card is at its power limit, and answers come at less of the foretold speed.</source>
        <translation>显卡达到功耗上限，且回答速度低于预测的这一比例。</translation>
    </message>
    <message>
        <source>A busy card&apos;s link is slower than it could be.</source>
        <translation>忙碌显卡的链路比应有的慢。</translation>
    </message>
    <message>
        <source>Windows moves that much of a card&apos;s memory to RAM.</source>
        <translation>Windows 把这么多显存移到内存。</translation>
    </message>
    <message>
        <source>That much more is swapped out within a minute while a model is loaded.</source>
        <translation>加载着模型时，一分钟内换出的内存达到此值。</translation>
    </message>
    <message>
        <source>A card has room for the model, but does not have it.</source>
        <translation>显卡放得下模型，模型却不在显卡上。</translation>
    </message>
    <message>
        <source>More of the answers of five minutes fail.</source>
        <translation>五分钟内失败的回答超过这个比例。</translation>
    </message>
    <message>
        <source>Three answers in a row come at less of the foretold speed.</source>
        <translation>连续三个回答的速度低于预测速度的这个比例。</translation>
    </message>
</context>
<context>
    <name>AppearanceSection</name>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Light or dark colours, or what the system shows.</source>
        <translation>浅色或深色，或与系统一致。</translation>
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
        <source>Accent</source>
        <translation>强调色</translation>
    </message>
    <message>
        <source>The colour of buttons, links and of what is chosen.</source>
        <translation>按钮、链接和选中内容的颜色。</translation>
    </message>
    <message>
        <source>Blue</source>
        <translation>蓝</translation>
    </message>
    <message>
        <source>Amber</source>
        <translation>琥珀</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>绿</translation>
    </message>
    <message>
        <source>Violet</source>
        <translation>紫</translation>
    </message>
    <message>
        <source>Rose</source>
        <translation>玫红</translation>
    </message>
    <message>
        <source>Graphite</source>
        <translation>石墨</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>文字大小</translation>
    </message>
    <message>
        <source>How large all letters are, and everything around them.</source>
        <translation>所有文字及其周围内容的大小。</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Of the window&apos;s words, and of how dates and numbers are written.</source>
        <translation>窗口文字的语言，以及日期和数字的写法。</translation>
    </message>
    <message>
        <source>Motion</source>
        <translation>动画</translation>
    </message>
    <message>
        <source>Whether switches glide, or everything is in its place at once.</source>
        <translation>开关等平滑过渡，还是立即到位。</translation>
    </message>
    <message>
        <source>Full</source>
        <translation>完整</translation>
    </message>
    <message>
        <source>Reduced</source>
        <translation>减弱</translation>
    </message>
</context>
<context>
    <name>ArrivalStrip</name>
    <message>
        <source>Stay with the present model</source>
        <translation>继续使用当前模型</translation>
    </message>
    <message>
        <source>Switch to it</source>
        <translation>切换到它</translation>
    </message>
    <message>
        <source>{0} has arrived.</source>
        <translation>{0} 已下载完成。</translation>
    </message>
</context>
<context>
    <name>AttachmentsBar</name>
    <message>
        <source>Attachments</source>
        <translation>附件</translation>
    </message>
    <message>
        <source>Reading {0}…</source>
        <translation>正在读取 {0}…</translation>
    </message>
</context>
<context>
    <name>AttachmentsDrop</name>
    <message>
        <source>Drop to attach to your question</source>
        <translation>松开即可附加到您的问题</translation>
    </message>
</context>
<context>
    <name>AttachmentsPresenter</name>
    <message>
        <source>Pasted text</source>
        <translation>粘贴的文本</translation>
    </message>
    <message>
        <source>Pasted picture</source>
        <translation>粘贴的图片</translation>
    </message>
    <message>
        <source>A question may have {0} files; the others stay behind.</source>
        <translation>一个问题最多可附 {0} 个文件，其余的未附加。</translation>
    </message>
    <message>
        <source>“{0}” is too long: {1}. A text may have {2}; attach a part of it.</source>
        <translation>“{0}”太长：{1}。文本不能超过 {2}，请只附加其中一部分。</translation>
    </message>
    <message>
        <source>“{0}” is too big: {1}. A picture may have {2}.</source>
        <translation>“{0}”太大：{1}。图片不能超过 {2}。</translation>
    </message>
    <message>
        <source>“{0}” is not there.</source>
        <translation>“{0}”不存在。</translation>
    </message>
    <message>
        <source>“{0}” is a folder. Attach the files in it instead.</source>
        <translation>“{0}”是文件夹。请附加其中的文件。</translation>
    </message>
    <message>
        <source>“{0}” cannot be read. Check that you may open it.</source>
        <translation>无法读取“{0}”。请检查您是否有权打开它。</translation>
    </message>
    <message>
        <source>“{0}” is a pipe or a device and cannot be attached.</source>
        <translation>“{0}”是管道或设备，不能附加。</translation>
    </message>
    <message>
        <source>“{0}” is empty.</source>
        <translation>“{0}”是空的。</translation>
    </message>
    <message>
        <source>“{0}” is neither a text nor a picture. What can be attached are texts, and PNG, JPEG, WebP, GIF and BMP pictures.</source>
        <translation>“{0}”既不是文本也不是图片。可以附加文本，以及 PNG、JPEG、WebP、GIF 和 BMP 图片。</translation>
    </message>
    <message>
        <source>“{0}” is a document of pages. Attach its text as a text file.</source>
        <translation>“{0}”是分页文档。请把其中的文字作为文本文件附加。</translation>
    </message>
    <message>
        <source>“{0}” has too many pixels. Make it smaller, and attach it again.</source>
        <translation>“{0}”的像素过多。请缩小后重新附加。</translation>
    </message>
    <message>
        <source>“{0}” is a picture that cannot be shown: it may be damaged.</source>
        <translation>“{0}”是无法显示的图片，可能已损坏。</translation>
    </message>
</context>
<context>
    <name>Blocks</name>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Wrap</source>
        <translation>自动换行</translation>
    </message>
    <message>
        <source>Don&apos;t wrap</source>
        <translation>不换行</translation>
    </message>
    <message>
        <source>Copy as Markdown</source>
        <translation>复制为 Markdown</translation>
    </message>
    <message>
        <source>Copy for a spreadsheet</source>
        <translation>复制到电子表格</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Show picture</source>
        <translation>显示图片</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>正在加载…</translation>
    </message>
    <message>
        <source>This picture cannot be shown: %1</source>
        <translation>无法显示此图片：%1</translation>
    </message>
    <message>
        <source>What came is no picture, or one beyond 20 MB or 40 megapixels</source>
        <translation>收到的不是图片，或超过 20 MB 或 4000 万像素</translation>
    </message>
    <message>
        <source>Calls %1</source>
        <translation>调用 %1</translation>
    </message>
    <message>
        <source>Arguments</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>… and %1 more letters</source>
        <translation>……还有 %1 个字符</translation>
    </message>
    <message>
        <source>Save code</source>
        <translation>保存代码</translation>
    </message>
    <message>
        <source>%1 could not be written: %2</source>
        <translation>无法写入 %1：%2</translation>
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
    <name>Canvas</name>
    <message>
        <source>To the end</source>
        <translation>到末尾</translation>
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
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>重新回答</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Fork to a new chat</source>
        <translation>分支到新对话</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Previous version</source>
        <translation>上一版本</translation>
    </message>
    <message>
        <source>Next version</source>
        <translation>下一版本</translation>
    </message>
</context>
<context>
    <name>Chart</name>
    <message>
        <source>nothing measured</source>
        <translation>尚无测量</translation>
    </message>
    <message>
        <source>not reported</source>
        <translation>未提供</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} 分钟</translation>
    </message>
    <message>
        <source>{0} h</source>
        <translation>{0} 小时</translation>
    </message>
</context>
<context>
    <name>ChatSection</name>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>When a chat is too long</source>
        <translation>对话过长时</translation>
    </message>
    <message>
        <source>What is done when it no longer fits into the model&apos;s context.</source>
        <translation>对话超出模型上下文时的处理方式。</translation>
    </message>
    <message>
        <source>Say so, send nothing</source>
        <translation>提示，不发送</translation>
    </message>
    <message>
        <source>Leave out the oldest</source>
        <translation>略去最早的内容</translation>
    </message>
    <message>
        <source>Preset of new chats</source>
        <translation>新对话的预设</translation>
    </message>
    <message>
        <source>How the next words are chosen: a preset kept in the chat settings.</source>
        <translation>如何选择接下来的词：对话设置中保存的一个预设。</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>System prompt of new chats</source>
        <translation>新对话的系统提示词</translation>
    </message>
    <message>
        <source>What the model is told before everything else.</source>
        <translation>在一切内容之前告诉模型的话。</translation>
    </message>
    <message>
        <source>Titles by the model</source>
        <translation>由模型起标题</translation>
    </message>
    <message>
        <source>The model names a chat after its first answer.</source>
        <translation>模型在第一次回答后为对话起标题。</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>统计</translation>
    </message>
    <message>
        <source>Speed, first token and tokens stand below every answer.</source>
        <translation>在每个回答下方显示速度、首个 token 的时间和 token 数。</translation>
    </message>
    <message>
        <source>Reasoning open</source>
        <translation>展开思考过程</translation>
    </message>
    <message>
        <source>What a model thinks before it answers is shown without a click.</source>
        <translation>无需点击即可看到模型回答前的思考。</translation>
    </message>
    <message>
        <source>Wrap code</source>
        <translation>代码自动换行</translation>
    </message>
    <message>
        <source>Long lines of code are broken instead of scrolled.</source>
        <translation>过长的代码行自动换行，而不是横向滚动。</translation>
    </message>
</context>
<context>
    <name>ChatSettingsDialog</name>
    <message>
        <source>Chat settings</source>
        <translation>对话设置</translation>
    </message>
    <message>
        <source>You are …</source>
        <translation>你是……</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>系统提示词</translation>
    </message>
    <message>
        <source>When the chat is too long</source>
        <translation>对话过长时</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Save as a new preset…</source>
        <translation>另存为新预设…</translation>
    </message>
    <message>
        <source>Rename the preset…</source>
        <translation>重命名预设…</translation>
    </message>
    <message>
        <source>Delete the preset…</source>
        <translation>删除预设…</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>As the settings say</source>
        <translation>遵循设置</translation>
    </message>
    <message>
        <source>Say so, and send nothing</source>
        <translation>提示，不发送</translation>
    </message>
    <message>
        <source>Leave out the oldest turns</source>
        <translation>略去最早的轮次</translation>
    </message>
    <message>
        <source>Who the model is, and how it answers: told before every turn.</source>
        <translation>模型的身份和回答方式：每一轮之前都会告诉它。</translation>
    </message>
    <message>
        <source>What is done when it no longer fits the model&apos;s context.</source>
        <translation>对话超出模型上下文时的处理方式。</translation>
    </message>
    <message>
        <source>Sampling</source>
        <translation>采样</translation>
    </message>
    <message>
        <source>Answered last by {0}</source>
        <translation>最近由 {0} 回答</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>A changed knob changes this preset, in every chat that uses it.</source>
        <translation>改动参数会修改此预设，使用它的所有对话都随之改变。</translation>
    </message>
    <message>
        <source>The default stays as it is: a changed knob makes a preset of your own.</source>
        <translation>默认预设保持不变：改动参数会新建您自己的预设。</translation>
    </message>
    <message>
        <source>My preset</source>
        <translation>我的预设</translation>
    </message>
    <message>
        <source>Save as a new preset</source>
        <translation>另存为新预设</translation>
    </message>
    <message>
        <source>Rename the preset</source>
        <translation>重命名预设</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Delete preset</source>
        <translation>删除预设</translation>
    </message>
    <message>
        <source>Delete “{0}” for good? Its chats use the default then.</source>
        <translation>永久删除“{0}”？使用它的对话将改用默认预设。</translation>
    </message>
</context>
<context>
    <name>ChatSettingsKnobs</name>
    <message>
        <source>token: bias, …</source>
        <translation>token: 偏置, …</translation>
    </message>
    <message>
        <source>Back to the default: {0}</source>
        <translation>恢复默认值：{0}</translation>
    </message>
    <message>
        <source>random</source>
        <translation>随机</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>How bold the choice of words is: 0 always takes the likeliest. 0 to 5.</source>
        <translation>选词的大胆程度：0 总是取最可能的词。0 到 5。</translation>
    </message>
    <message>
        <source>Top K</source>
        <translation>Top K</translation>
    </message>
    <message>
        <source>Only so many of the likeliest tokens are considered. 0 is off.</source>
        <translation>只考虑最可能的这么多个 token。0 表示关闭。</translation>
    </message>
    <message>
        <source>Top P</source>
        <translation>Top P</translation>
    </message>
    <message>
        <source>Only the likeliest tokens that make up this share. 1 is off.</source>
        <translation>只考虑合计占此比例的最可能的 token。1 表示关闭。</translation>
    </message>
    <message>
        <source>Min P</source>
        <translation>Min P</translation>
    </message>
    <message>
        <source>Only tokens at least this likely, beside the likeliest. 0 is off.</source>
        <translation>只考虑概率不低于最可能者这一比例的 token。0 表示关闭。</translation>
    </message>
    <message>
        <source>Repeat penalty</source>
        <translation>重复惩罚</translation>
    </message>
    <message>
        <source>Makes tokens that were just used less likely. 1 is off.</source>
        <translation>降低刚用过的 token 的概率。1 表示关闭。</translation>
    </message>
    <message>
        <source>Presence penalty</source>
        <translation>存在惩罚</translation>
    </message>
    <message>
        <source>Against tokens that occurred at all: new subjects. 0 is off; −2 to 2.</source>
        <translation>抑制出现过的 token，鼓励新话题。0 表示关闭；−2 到 2。</translation>
    </message>
    <message>
        <source>Frequency penalty</source>
        <translation>频率惩罚</translation>
    </message>
    <message>
        <source>Against tokens by how often they occurred. 0 is off; −2 to 2.</source>
        <translation>按出现次数抑制 token。0 表示关闭；−2 到 2。</translation>
    </message>
    <message>
        <source>Penalty window</source>
        <translation>惩罚窗口</translation>
    </message>
    <message>
        <source>How many of the last tokens the penalties look at. 0 to 8,192.</source>
        <translation>惩罚查看最近多少个 token。0 到 8,192。</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>The same number draws the same answer again, as far as llama.cpp can.</source>
        <translation>相同的数会再次得到相同的回答（在 llama.cpp 能做到的范围内）。</translation>
    </message>
    <message>
        <source>Logit bias</source>
        <translation>Logit 偏置</translation>
    </message>
    <message>
        <source>Makes single tokens likelier or less so, by their numbers: 42: -5.</source>
        <translation>按编号提高或降低个别 token 的概率，例如 42: -5。</translation>
    </message>
    <message>
        <source>Typical P</source>
        <translation>Typical P</translation>
    </message>
    <message>
        <source>Only tokens about as surprising as is usual here. 1 is off.</source>
        <translation>只考虑意外程度与此处通常相当的 token。1 表示关闭。</translation>
    </message>
    <message>
        <source>Top n sigma</source>
        <translation>Top n sigma</translation>
    </message>
    <message>
        <source>Only tokens within so many deviations of the likeliest. 0 is off.</source>
        <translation>只考虑距最可能者不超过这么多个标准差的 token。0 表示关闭。</translation>
    </message>
    <message>
        <source>XTC probability</source>
        <translation>XTC 概率</translation>
    </message>
    <message>
        <source>How often the most obvious tokens are left out. 0 is off.</source>
        <translation>略去最显而易见的 token 的概率。0 表示关闭。</translation>
    </message>
    <message>
        <source>XTC threshold</source>
        <translation>XTC 阈值</translation>
    </message>
    <message>
        <source>How likely a token must be to count as obvious. 0 to 0.5.</source>
        <translation>token 的概率达到多少才算显而易见。0 到 0.5。</translation>
    </message>
    <message>
        <source>Dynamic temperature</source>
        <translation>动态温度</translation>
    </message>
    <message>
        <source>How far the temperature moves with the model&apos;s certainty. 0 is off.</source>
        <translation>温度随模型把握程度变化的幅度。0 表示关闭。</translation>
    </message>
    <message>
        <source>Dynamic temperature exponent</source>
        <translation>动态温度指数</translation>
    </message>
    <message>
        <source>How steeply it moves: 1 is even. 0.1 to 10.</source>
        <translation>变化的陡峭程度：1 为均匀。0.1 到 10。</translation>
    </message>
    <message>
        <source>Mirostat</source>
        <translation>Mirostat</translation>
    </message>
    <message>
        <source>Keeps answers evenly surprising, by version 1 or 2. 0 is off.</source>
        <translation>让回答保持均匀的意外程度，可选版本 1 或 2。0 表示关闭。</translation>
    </message>
    <message>
        <source>Mirostat tau</source>
        <translation>Mirostat tau</translation>
    </message>
    <message>
        <source>How surprising it keeps them. 0 to 20.</source>
        <translation>让回答保持的意外程度。0 到 20。</translation>
    </message>
    <message>
        <source>Mirostat eta</source>
        <translation>Mirostat eta</translation>
    </message>
    <message>
        <source>How fast it gets there. 0 to 1.</source>
        <translation>达到目标的快慢。0 到 1。</translation>
    </message>
    <message>
        <source>DRY multiplier</source>
        <translation>DRY 系数</translation>
    </message>
    <message>
        <source>Against repeating whole sequences. 0 is off.</source>
        <translation>避免重复整段序列。0 表示关闭。</translation>
    </message>
    <message>
        <source>DRY base</source>
        <translation>DRY 底数</translation>
    </message>
    <message>
        <source>How fast that grows with the length of what is repeated. 1 to 4.</source>
        <translation>惩罚随重复长度增长的快慢。1 到 4。</translation>
    </message>
    <message>
        <source>DRY allowed length</source>
        <translation>DRY 允许长度</translation>
    </message>
    <message>
        <source>Repeats up to so many tokens cost nothing.</source>
        <translation>重复不超过这么多个 token 时不惩罚。</translation>
    </message>
    <message>
        <source>DRY window</source>
        <translation>DRY 窗口</translation>
    </message>
    <message>
        <source>How many of the last tokens DRY looks at.</source>
        <translation>DRY 查看最近多少个 token。</translation>
    </message>
    <message>
        <source>DRY breakers</source>
        <translation>DRY 分隔符</translation>
    </message>
    <message>
        <source>Where a sequence ends, parted by spaces; \n is a new line.</source>
        <translation>序列在何处结束，以空格分隔；\n 表示换行。</translation>
    </message>
</context>
<context>
    <name>ChatsDelegate</name>
    <message>
        <source>New name</source>
        <translation>新名称</translation>
    </message>
</context>
<context>
    <name>ChatsMenu</name>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>归档</translation>
    </message>
    <message>
        <source>Move to trash</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>New folder</source>
        <translation>新建文件夹</translation>
    </message>
    <message>
        <source>Delete {0} chats for good?</source>
        <translation>永久删除 {0} 个对话？</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>取消置顶</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>创建副本</translation>
    </message>
    <message>
        <source>Move to folder</source>
        <translation>移到文件夹</translation>
    </message>
    <message>
        <source>No folder</source>
        <translation>不在文件夹中</translation>
    </message>
    <message>
        <source>New folder…</source>
        <translation>新建文件夹…</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Back to the chats</source>
        <translation>返回对话列表</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Delete for good…</source>
        <translation>永久删除…</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>上移</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>下移</translation>
    </message>
    <message>
        <source>Remove folder, keep its chats</source>
        <translation>移除文件夹，保留其中的对话</translation>
    </message>
    <message>
        <source>Delete “{0}” for good?</source>
        <translation>永久删除“{0}”？</translation>
    </message>
    <message>
        <source>Delete chats</source>
        <translation>删除对话</translation>
    </message>
    <message>
        <source>They cannot come back.</source>
        <translation>删除后无法恢复。</translation>
    </message>
</context>
<context>
    <name>ChatsPanel</name>
    <message>
        <source>More about chats</source>
        <translation>更多对话操作</translation>
    </message>
    <message>
        <source>Chats stay here for {0} days, then they are deleted.</source>
        <translation>对话在这里保留 {0} 天，之后删除。</translation>
    </message>
    <message>
        <source>No hits for “{0}”</source>
        <translation>没有找到“{0}”</translation>
    </message>
    <message>
        <source>The archive is empty.</source>
        <translation>归档是空的。</translation>
    </message>
    <message>
        <source>The trash is empty.</source>
        <translation>回收站是空的。</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>归档</translation>
    </message>
    <message>
        <source>Trash</source>
        <translation>回收站</translation>
    </message>
    <message>
        <source>Back to the chats</source>
        <translation>返回对话列表</translation>
    </message>
    <message>
        <source>Empty…</source>
        <translation>清空…</translation>
    </message>
    <message>
        <source>Empty the trash</source>
        <translation>清空回收站</translation>
    </message>
    <message>
        <source>Import chats…</source>
        <translation>导入对话…</translation>
    </message>
    <message>
        <source>Back up everything…</source>
        <translation>备份全部…</translation>
    </message>
    <message>
        <source>Restore a backup…</source>
        <translation>恢复备份…</translation>
    </message>
</context>
<context>
    <name>ChatsPresenter</name>
    <message>
        <source>Archived</source>
        <translation>已归档</translation>
    </message>
    <message>
        <source>{0} archived</source>
        <translation>已归档 {0} 个</translation>
    </message>
    <message>
        <source>Moved to trash</source>
        <translation>已移到回收站</translation>
    </message>
    <message>
        <source>{0} moved to trash</source>
        <translation>已将 {0} 个移到回收站</translation>
    </message>
    <message>
        <source>Folder removed, chats kept</source>
        <translation>已移除文件夹，对话已保留</translation>
    </message>
</context>
<context>
    <name>ChatsUndo</name>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>ChatsView</name>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
</context>
<context>
    <name>Chip</name>
    <message>
        <source>Delete takes it back</source>
        <translation>按 Delete 撤回</translation>
    </message>
    <message>
        <source>Take back {0}</source>
        <translation>撤回 {0}</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Command palette</source>
        <translation>命令面板</translation>
    </message>
    <message>
        <source>Type a command, a chat, a model or a setting</source>
        <translation>输入命令、对话、模型或设置</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>没有找到</translation>
    </message>
    <message>
        <source>↑ ↓ choose · Enter does it · Esc closes</source>
        <translation>↑ ↓ 选择 · Enter 执行 · Esc 关闭</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Fullbore</source>
        <translation>Fullbore</translation>
    </message>
    <message>
        <source>Command palette</source>
        <translation>命令面板</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Go to</source>
        <translation>前往</translation>
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
    <message>
        <source>Monitor</source>
        <translation>监控</translation>
    </message>
    <message>
        <source>Placement: what goes where</source>
        <translation>布局：什么放在哪里</translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation>警报</translation>
    </message>
    <message>
        <source>Find on this page</source>
        <translation>在此页查找</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Search all chats</source>
        <translation>搜索所有对话</translation>
    </message>
    <message>
        <source>Rename the chat</source>
        <translation>重命名对话</translation>
    </message>
    <message>
        <source>New folder</source>
        <translation>新建文件夹</translation>
    </message>
    <message>
        <source>Import chats</source>
        <translation>导入对话</translation>
    </message>
    <message>
        <source>Back up all chats</source>
        <translation>备份所有对话</translation>
    </message>
    <message>
        <source>Restore a backup</source>
        <translation>恢复备份</translation>
    </message>
    <message>
        <source>This chat</source>
        <translation>此对话</translation>
    </message>
    <message>
        <source>Chat settings</source>
        <translation>对话设置</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>附加文件</translation>
    </message>
    <message>
        <source>Prompt library</source>
        <translation>提示词库</translation>
    </message>
    <message>
        <source>Stop the answer</source>
        <translation>停止回答</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>重新回答</translation>
    </message>
    <message>
        <source>Continue the answer</source>
        <translation>继续回答</translation>
    </message>
    <message>
        <source>Edit the last question</source>
        <translation>编辑上一个问题</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Show or hide the chats</source>
        <translation>显示或隐藏对话列表</translation>
    </message>
    <message>
        <source>Show or hide the hardware</source>
        <translation>显示或隐藏硬件面板</translation>
    </message>
    <message>
        <source>Show or hide the small monitor</source>
        <translation>显示或隐藏小监控窗</translation>
    </message>
    <message>
        <source>Turn light and dark</source>
        <translation>切换浅色与深色</translation>
    </message>
    <message>
        <source>Larger text</source>
        <translation>放大文字</translation>
    </message>
    <message>
        <source>Smaller text</source>
        <translation>缩小文字</translation>
    </message>
    <message>
        <source>Text as it was made</source>
        <translation>文字恢复原始大小</translation>
    </message>
    <message>
        <source>Doctor: what is wrong with this machine</source>
        <translation>诊断：这台电脑有什么问题</translation>
    </message>
    <message>
        <source>About Fullbore, updates and licences</source>
        <translation>关于 Fullbore、更新与许可</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务</translation>
    </message>
    <message>
        <source>Show the first-run guide</source>
        <translation>显示首次使用向导</translation>
    </message>
    <message>
        <source>What&apos;s new</source>
        <translation>新内容</translation>
    </message>
</context>
<context>
    <name>Companions</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Fullbore goes on without its window: models stay loaded, and the local port stays open. The icon in the tray brings the window back, and quits.</source>
        <translation>Fullbore 会在没有窗口的情况下继续运行：模型保持加载，本地端口保持打开。托盘图标可以恢复窗口，也可以退出。</translation>
    </message>
    <message>
        <source>Go on in the tray</source>
        <translation>在托盘中继续运行</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Your message</source>
        <translation>您的消息</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>附加文件</translation>
    </message>
    <message>
        <source>Prompts</source>
        <translation>提示词</translation>
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
        <source>What you send now is asked next</source>
        <translation>现在发送的内容将接着提问</translation>
    </message>
    <message>
        <source>Ctrl+Enter sends · Enter breaks the line · / writes a prompt</source>
        <translation>Ctrl+Enter 发送 · Enter 换行 · / 插入提示词</translation>
    </message>
    <message>
        <source>Enter sends · Shift+Enter breaks the line · / writes a prompt</source>
        <translation>Enter 发送 · Shift+Enter 换行 · / 插入提示词</translation>
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
    <name>ComposerQueue</name>
    <message>
        <source>Waiting questions</source>
        <translation>等待中的问题</translation>
    </message>
    <message>
        <source>Is asked next</source>
        <translation>接下来提问</translation>
    </message>
    <message>
        <source>Waits</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>files: {0}</source>
        <translation>{0} 个文件</translation>
    </message>
</context>
<context>
    <name>ConnectPage</name>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the text</source>
        <translation>复制文本</translation>
    </message>
    <message>
        <source>In Cherry Studio&apos;s settings, under Model Provider: Add.</source>
        <translation>在 Cherry Studio 的设置中，“模型服务”下点“添加”。</translation>
    </message>
    <message>
        <source>In Cline&apos;s settings, under API Configuration.</source>
        <translation>在 Cline 的设置中，“API Configuration”下。</translation>
    </message>
    <message>
        <source>In Continue&apos;s file config.yaml.</source>
        <translation>写入 Continue 的 config.yaml 文件。</translation>
    </message>
    <message>
        <source>In a terminal with Docker; or in Open WebUI&apos;s settings, under Connections.</source>
        <translation>在装有 Docker 的终端中运行；或在 Open WebUI 的设置中，“外部连接”下。</translation>
    </message>
    <message>
        <source>In a terminal.</source>
        <translation>在终端中。</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Model in the text</source>
        <translation>文本中的模型</translation>
    </message>
    <message>
        <source>Programs</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>What to write</source>
        <translation>要写的内容</translation>
    </message>
    <message>
        <source>With the package “anthropic”.</source>
        <translation>使用 “anthropic” 包。</translation>
    </message>
    <message>
        <source>With the package “ollama”; or set OLLAMA_HOST to the address.</source>
        <translation>使用 “ollama” 包；或把 OLLAMA_HOST 设为该地址。</translation>
    </message>
    <message>
        <source>With the package “openai” of npm.</source>
        <translation>使用 npm 的 “openai” 包。</translation>
    </message>
    <message>
        <source>With the package “openai”.</source>
        <translation>使用 “openai” 包。</translation>
    </message>
    <message>
        <source>{0} Put your key in the place of YOUR-KEY.</source>
        <translation>{0} 请把 YOUR-KEY 换成您的密钥。</translation>
    </message>
</context>
<context>
    <name>ContextMeter</name>
    <message>
        <source>What is done when it does not fit</source>
        <translation>放不下时的处理方式</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Counted once the answer has ended</source>
        <translation>回答结束后统计</translation>
    </message>
    <message>
        <source>{0} tokens</source>
        <translation>{0} 个 token</translation>
    </message>
    <message>
        <source>{0} of {1} tokens · {2} for the answer</source>
        <translation>已用 {0} / {1} token · 回答可用 {2}</translation>
    </message>
    <message>
        <source>System prompt and template: {0}</source>
        <translation>系统提示词与模板：{0}</translation>
    </message>
    <message>
        <source>Conversation so far: {0}</source>
        <translation>目前的对话：{0}</translation>
    </message>
    <message>
        <source>Your question: {0}</source>
        <translation>您的问题：{0}</translation>
    </message>
    <message>
        <source>Its files: {0}</source>
        <translation>附件：{0}</translation>
    </message>
    <message>
        <source>Room for the answer: {0}</source>
        <translation>留给回答：{0}</translation>
    </message>
    <message>
        <source>Estimated: no model counts at the moment.</source>
        <translation>估算值：目前没有模型可供统计。</translation>
    </message>
    <message>
        <source>Leave out the oldest turns</source>
        <translation>略去最早的轮次</translation>
    </message>
    <message>
        <source>Leave nothing out</source>
        <translation>不略去任何内容</translation>
    </message>
    <message>
        <source>This does not fit the context, and would not be answered.</source>
        <translation>这超出了上下文，不会得到回答。</translation>
    </message>
    <message>
        <source>This question alone does not fit the context. Make it shorter.</source>
        <translation>仅这个问题就超出了上下文。请缩短。</translation>
    </message>
    <message>
        <source>Left out of the oldest turns: {0}.</source>
        <translation>已略去最早的 {0} 轮。</translation>
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
        <translation>单块 24 GB 显卡上最强的稠密模型：代码、工具、图片、256K token。</translation>
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
        <source>DeepSeek&apos;s quick one, 13B active: nearly lossless with 192 GB of cards and RAM together.</source>
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
<context>
    <name>DeleteQuestion</name>
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
    <name>DetailsDialog</name>
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
        <source>others</source>
        <translation>其他</translation>
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
        <source>{0} repositories</source>
        <translation>{0} 个仓库</translation>
    </message>
    <message>
        <source>Worth knowing, what runs best here first</source>
        <translation>值得了解的模型，本机运行最好的在前</translation>
    </message>
</context>
<context>
    <name>Doctor</name>
    <message>
        <source>! Could be better</source>
        <translation>! 可以更好</translation>
    </message>
    <message>
        <source>Bars of RAM</source>
        <translation>内存条</translation>
    </message>
    <message>
        <source>Between cards</source>
        <translation>显卡之间</translation>
    </message>
    <message>
        <source>Built for the card</source>
        <translation>是否为此显卡编译</translation>
    </message>
    <message>
        <source>Cards</source>
        <translation>显卡</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>时钟</translation>
    </message>
    <message>
        <source>Computing</source>
        <translation>计算</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>磁盘</translation>
    </message>
    <message>
        <source>Display</source>
        <translation>显示输出</translation>
    </message>
    <message>
        <source>Driver</source>
        <translation>驱动程序</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>环境变量</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Memory errors</source>
        <translation>显存错误</translation>
    </message>
    <message>
        <source>Opening a model</source>
        <translation>打开模型</translation>
    </message>
    <message>
        <source>Other programs</source>
        <translation>其他程序</translation>
    </message>
    <message>
        <source>Others on the card</source>
        <translation>显卡上的其他程序</translation>
    </message>
    <message>
        <source>PCIe</source>
        <translation>PCIe</translation>
    </message>
    <message>
        <source>Persistence</source>
        <translation>持久模式</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>Power limit</source>
        <translation>功耗上限</translation>
    </message>
    <message>
        <source>RAM</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>读取速度</translation>
    </message>
    <message>
        <source>Resizable BAR</source>
        <translation>Resizable BAR</translation>
    </message>
    <message>
        <source>System</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>llama.cpp</source>
        <translation>llama.cpp</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}，{1}</translation>
    </message>
    <message>
        <source>✓ Good</source>
        <translation>✓ 正常</translation>
    </message>
    <message>
        <source>✗ Wrong</source>
        <translation>✗ 有问题</translation>
    </message>
</context>
<context>
    <name>DoctorDialog</name>
    <message>
        <source>All is well</source>
        <translation>一切正常</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>复制报告</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭提示</translation>
    </message>
    <message>
        <source>Doctor</source>
        <translation>诊断</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Examining this machine; it takes some seconds …</source>
        <translation>正在检查这台电脑，需要几秒钟……</translation>
    </message>
    <message>
        <source>For a bug report: no names, no folders, no numbers of this computer</source>
        <translation>用于错误报告：不含名称、文件夹和这台电脑的编号</translation>
    </message>
    <message>
        <source>Not examined</source>
        <translation>未检查</translation>
    </message>
    <message>
        <source>Progress of the examination</source>
        <translation>检查进度</translation>
    </message>
    <message>
        <source>Run again</source>
        <translation>重新检查</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>检查结果</translation>
    </message>
    <message>
        <source>{0} could be better, {1} good</source>
        <translation>{0} 项可以更好，{1} 项正常</translation>
    </message>
    <message>
        <source>{0} wrong, {1} could be better, {2} good</source>
        <translation>{0} 项有问题，{1} 项可以更好，{2} 项正常</translation>
    </message>
</context>
<context>
    <name>Doors</name>
    <message>
        <source>A link asks for {0}. Download it?</source>
        <translation>一个链接请求 {0}。要下载吗？</translation>
    </message>
    <message>
        <source>A link put a text into your question. Nothing was sent: read it first.</source>
        <translation>一个链接把文字放进了您的问题中。没有发送任何内容：请先阅读。</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Download a model</source>
        <translation>下载模型</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>暂不</translation>
    </message>
    <message>
        <source>{0} from {1}</source>
        <translation>{0}，来自 {1}</translation>
    </message>
    <message>
        <source>{0} has no {1}. These are what it has.</source>
        <translation>{0} 没有 {1}。以下是它提供的版本。</translation>
    </message>
    <message>
        <source>{0} is here already.</source>
        <translation>{0} 已在本机。</translation>
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
        <source>Pause all</source>
        <translation>全部暂停</translation>
    </message>
    <message>
        <source>Go on with all</source>
        <translation>全部继续</translation>
    </message>
    <message>
        <source>Take complete ones off the list</source>
        <translation>从列表移除已完成的</translation>
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
        <source>{0} left</source>
        <translation>还剩 {0}</translation>
    </message>
    <message>
        <source>Remove {0}?</source>
        <translation>移除 {0}？</translation>
    </message>
    <message>
        <source>What has arrived of it is deleted.</source>
        <translation>已下载的部分会被删除。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
</context>
<context>
    <name>DownloadsStrip</name>
    <message>
        <source>{0} downloads</source>
        <translation>{0} 个下载</translation>
    </message>
    <message>
        <source>Broke off: see why</source>
        <translation>已中断：查看原因</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
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
    <name>EngineCard</name>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>Reading prompts</source>
        <translation>读取提示词</translation>
    </message>
    <message>
        <source>{0} at once</source>
        <translation>{0} 路并行</translation>
    </message>
    <message>
        <source>idle</source>
        <translation>空闲</translation>
    </message>
    <message>
        <source>The cards&apos; energy while answers were written, at {0} for a kWh</source>
        <translation>生成回答时显卡的能耗，电价为每千瓦时 {0}</translation>
    </message>
    <message>
        <source>Answers in progress</source>
        <translation>进行中的回答</translation>
    </message>
    <message>
        <source>Requests that wait</source>
        <translation>等待的请求数</translation>
    </message>
    <message>
        <source>First token, half within</source>
        <translation>首个 token，50% 不超过</translation>
    </message>
    <message>
        <source>First token, 95 % within</source>
        <translation>首个 token，95% 不超过</translation>
    </message>
    <message>
        <source>First token, 99 % within</source>
        <translation>首个 token，99% 不超过</translation>
    </message>
    <message>
        <source>Prompt taken from the cache</source>
        <translation>来自缓存的提示词</translation>
    </message>
    <message>
        <source>Guesses that were right</source>
        <translation>猜对的 token</translation>
    </message>
    <message>
        <source>Answers / failures</source>
        <translation>回答 / 失败</translation>
    </message>
    <message>
        <source>Energy for a token</source>
        <translation>每个 token 的能耗</translation>
    </message>
    <message>
        <source>Tokens for a joule</source>
        <translation>每焦耳的 token</translation>
    </message>
    <message>
        <source>Cost of a million tokens</source>
        <translation>每百万 token 的费用</translation>
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
    <message>
        <source>unloaded</source>
        <translation>模型已卸载</translation>
    </message>
    <message>
        <source>busy</source>
        <translation>繁忙</translation>
    </message>
    <message>
        <source>wrong_purpose</source>
        <translation>模型用途不符</translation>
    </message>
    <message>
        <source>unanswerable</source>
        <translation>无法回答</translation>
    </message>
    <message>
        <source>images_not_supported</source>
        <translation>不支持图片</translation>
    </message>
    <message>
        <source>text_too_long</source>
        <translation>文本过长</translation>
    </message>
    <message>
        <source>bad_certificate</source>
        <translation>证书无法使用。</translation>
    </message>
    <message>
        <source>key_needed</source>
        <translation>必须先有密钥。</translation>
    </message>
    <message>
        <source>update_failed</source>
        <translation>更新失败。</translation>
    </message>
    <message>
        <source>unwritable</source>
        <translation>无法写入</translation>
    </message>
    <message>
        <source>logits_broken</source>
        <translation>模型算出的不是数字</translation>
    </message>
    <message>
        <source>no_such_card</source>
        <translation>没有这块显卡</translation>
    </message>
    <message>
        <source>other_processor</source>
        <translation>此版本不适合本机处理器</translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <source>nothing</source>
        <translation>无结果</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
    <message>
        <source>Find in this chat</source>
        <translation>在此对话中查找</translation>
    </message>
    <message>
        <source>Previous hit</source>
        <translation>上一处</translation>
    </message>
    <message>
        <source>Next hit</source>
        <translation>下一处</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>FindsList</name>
    <message>
        <source>{count} downloads</source>
        <translation>{count} 次下载</translation>
    </message>
    <message>
        <source>{count} likes</source>
        <translation>{count} 个赞</translation>
    </message>
    <message>
        <source>asks for a login</source>
        <translation>需要登录</translation>
    </message>
</context>
<context>
    <name>FoldersDialog</name>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
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
        <source>Looking for other programs&apos; folders…</source>
        <translation>正在查找其他程序的文件夹…</translation>
    </message>
    <message>
        <source>Your folders</source>
        <translation>您的文件夹</translation>
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
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Add a folder</source>
        <translation>添加文件夹</translation>
    </message>
    <message>
        <source>None was found on this computer.</source>
        <translation>这台电脑上没有找到。</translation>
    </message>
    <message>
        <source>Show the models of {0} no longer</source>
        <translation>不再显示 {0} 的模型</translation>
    </message>
    <message>
        <source>Downloads go here</source>
        <translation>下载保存在这里</translation>
    </message>
    <message>
        <source>Show the models of {0}</source>
        <translation>显示 {0} 的模型</translation>
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
        <source>Another folder…</source>
        <translation>更换文件夹…</translation>
    </message>
    <message>
        <source>Folder for downloads</source>
        <translation>下载文件夹</translation>
    </message>
    <message>
        <source>Where downloads go from now on; nothing is moved</source>
        <translation>今后下载到哪里；已有的文件不会移动</translation>
    </message>
</context>
<context>
    <name>ForecastCard</name>
    <message>
        <source>Reading a prompt</source>
        <translation>读取提示词</translation>
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
        <translation>每个 token {0} J</translation>
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
    <name>GateCard</name>
    <message>
        <source>Open its page in the browser</source>
        <translation>在浏览器中打开其页面</translation>
    </message>
    <message>
        <source>Access token (hf_…)</source>
        <translation>访问令牌（hf_…）</translation>
    </message>
    <message>
        <source>Access token</source>
        <translation>访问令牌</translation>
    </message>
    <message>
        <source>Keep it in the system&apos;s keyring</source>
        <translation>存入系统钥匙串</translation>
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
    <name>GpuCard</name>
    <message>
        <source>GPU {0}</source>
        <translation>GPU {0}</translation>
    </message>
    <message>
        <source>Memory of {0}</source>
        <translation>{0} 的显存</translation>
    </message>
    <message>
        <source>In use {0}</source>
        <translation>已用 {0}</translation>
    </message>
    <message>
        <source>The driver no longer lists this card</source>
        <translation>驱动不再列出此显卡</translation>
    </message>
    <message>
        <source>Memory: not reported</source>
        <translation>显存：未提供</translation>
    </message>
    <message>
        <source>{0} free</source>
        <translation>空闲 {0}</translation>
    </message>
    <message>
        <source>{0} spilled to RAM</source>
        <translation>{0} 溢出到内存</translation>
    </message>
    <message>
        <source>Clocks</source>
        <translation>频率</translation>
    </message>
    <message>
        <source>Fan</source>
        <translation>风扇</translation>
    </message>
    <message>
        <source>PCIe</source>
        <translation>PCIe</translation>
    </message>
    <message>
        <source>Power limit</source>
        <translation>功耗上限</translation>
    </message>
    <message>
        <source>Memory errors</source>
        <translation>显存错误</translation>
    </message>
    <message>
        <source>not reported</source>
        <translation>未提供</translation>
    </message>
    <message>
        <source>cores</source>
        <translation>核心</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>显存</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>显存</translation>
    </message>
    <message>
        <source>Utilisation</source>
        <translation>利用率</translation>
    </message>
    <message>
        <source>Power</source>
        <translation>功耗</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
</context>
<context>
    <name>GuideScreen</name>
    <message>
        <source>All of it can be changed later, in the settings.</source>
        <translation>以后都可以在设置中更改。</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>First-run guide</source>
        <translation>首次使用向导</translation>
    </message>
    <message>
        <source>Folders and network</source>
        <translation>文件夹与网络</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Language models run here on your own computer: nothing you write leaves it. Three short pages, and you chat.</source>
        <translation>语言模型就在您自己的电脑上运行：您写的内容不会离开它。只需三页，即可开始对话。</translation>
    </message>
    <message>
        <source>Language: as the system</source>
        <translation>语言：跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Models for this computer</source>
        <translation>适合本机的模型</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>One moment…</source>
        <translation>请稍候…</translation>
    </message>
    <message>
        <source>Skip the guide</source>
        <translation>跳过向导</translation>
    </message>
    <message>
        <source>Start chatting</source>
        <translation>开始对话</translation>
    </message>
    <message>
        <source>Take any of them, or none: the starter model is enough to begin.</source>
        <translation>可任选，也可不选：入门模型就足以开始。</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Theme: as the system</source>
        <translation>主题：跟随系统</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>Welcome to Fullbore</source>
        <translation>欢迎使用 Fullbore</translation>
    </message>
    <message>
        <source>Where models lie and come from</source>
        <translation>模型的存放与来源</translation>
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
        <source>Chat settings</source>
        <translation>对话设置</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>ctx {0} / {1}</source>
        <translation>上下文 {0} / {1}</translation>
    </message>
    <message>
        <source>Context used, in tokens</source>
        <translation>已用上下文（token）</translation>
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
    <name>HubSection</name>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
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
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Models and downloads</source>
        <translation>模型与下载</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Where models come from: the Hub, or a mirror of it.</source>
        <translation>模型从哪里来：Hub 或它的镜像。</translation>
    </message>
    <message>
        <source>Second source</source>
        <translation>第二来源</translation>
    </message>
    <message>
        <source>Ask ModelScope where the first fails; its bytes are compared</source>
        <translation>首选来源失败时改用 ModelScope，并核对其字节</translation>
    </message>
    <message>
        <source>For models that the Hub gives to some only. It lies in the keyring.</source>
        <translation>用于 Hub 只向部分人开放的模型。保存在系统钥匙串中。</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>How fast all of them together may be, and how many run at once.</source>
        <translation>所有下载的总限速，以及同时进行的数量。</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Where models are found: yours, and those of other programs.</source>
        <translation>在哪里查找模型：您的文件夹和其他程序的文件夹。</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>How the system wants the web to be reached.</source>
        <translation>系统规定的上网方式。</translation>
    </message>
    <message>
        <source>The system names none: connections are direct</source>
        <translation>系统未设置代理：直接连接</translation>
    </message>
    <message>
        <source>The system&apos;s is used: {0}</source>
        <translation>使用系统代理：{0}</translation>
    </message>
    <message>
        <source>A mirror is asked. The access token is never sent there.</source>
        <translation>正在使用镜像。访问令牌绝不会发送给它。</translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation>正在询问…</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Nothing is kept of it.</source>
        <translation>没有保留其内容。</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Prompt, as rendered</source>
        <translation>渲染后的提示</translation>
    </message>
    <message>
        <source>Reasoning</source>
        <translation>推理</translation>
    </message>
    <message>
        <source>The chosen request</source>
        <translation>选中的请求</translation>
    </message>
    <message>
        <source>Where the time went</source>
        <translation>时间用在哪里</translation>
    </message>
    <message>
        <source>answer {0}</source>
        <translation>回答 {0}</translation>
    </message>
    <message>
        <source>answer: {0}</source>
        <translation>回答：{0}</translation>
    </message>
    <message>
        <source>prompt {0}</source>
        <translation>提示 {0}</translation>
    </message>
    <message>
        <source>prompt: {0}</source>
        <translation>提示：{0}</translation>
    </message>
    <message>
        <source>queue {0}</source>
        <translation>排队 {0}</translation>
    </message>
    <message>
        <source>{0} of them from the cache</source>
        <translation>其中 {0} 个来自缓存</translation>
    </message>
</context>
<context>
    <name>KeepingDialogs</name>
    <message>
        <source>Export chat</source>
        <translation>导出对话</translation>
    </message>
    <message>
        <source>Export chats to a folder</source>
        <translation>导出对话到文件夹</translation>
    </message>
    <message>
        <source>Import chats</source>
        <translation>导入对话</translation>
    </message>
    <message>
        <source>Chats of Fullbore or ChatGPT</source>
        <translation>Fullbore 或 ChatGPT 的对话</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Back up all chats</source>
        <translation>备份所有对话</translation>
    </message>
    <message>
        <source>Restore a backup</source>
        <translation>恢复备份</translation>
    </message>
    <message>
        <source>Replace all chats by those in {0}?</source>
        <translation>用 {0} 中的对话替换所有对话？</translation>
    </message>
    <message>
        <source>The chats there are now are kept in a file beside them.</source>
        <translation>现有的对话会保存在旁边的一个文件中。</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
</context>
<context>
    <name>KeepingPresenter</name>
    <message>
        <source>Exporting {0}</source>
        <translation>正在导出 {0}</translation>
    </message>
    <message>
        <source>Exported to {0}</source>
        <translation>已导出到 {0}</translation>
    </message>
    <message>
        <source>Reading {0}</source>
        <translation>正在读取 {0}</translation>
    </message>
    <message>
        <source>Backing up to {0}</source>
        <translation>正在备份到 {0}</translation>
    </message>
    <message>
        <source>All chats are backed up in {0}</source>
        <translation>所有对话已备份到 {0}</translation>
    </message>
    <message>
        <source>Restoring {0}</source>
        <translation>正在恢复 {0}</translation>
    </message>
    <message>
        <source>Something else is under way; wait for it, or stop it.</source>
        <translation>另一项操作正在进行；请等它完成或停止它。</translation>
    </message>
    <message>
        <source>Something went wrong inside Fullbore.</source>
        <translation>Fullbore 内部出了问题。</translation>
    </message>
    <message>
        <source>Importing chats</source>
        <translation>正在导入对话</translation>
    </message>
    <message>
        <source>Chats imported: {0}</source>
        <translation>已导入 {0} 个对话</translation>
    </message>
    <message>
        <source>not understood: {0}</source>
        <translation>{0} 个无法识别</translation>
    </message>
    <message>
        <source>left out, as you stopped it: {0}</source>
        <translation>因您停止而未导入 {0} 个</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>The backup is restored.</source>
        <translation>备份已恢复。</translation>
    </message>
    <message>
        <source>The backup is restored; the chats before it are kept in {0}</source>
        <translation>备份已恢复；之前的对话保存在 {0}</translation>
    </message>
</context>
<context>
    <name>KeepingSection</name>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Back up…</source>
        <translation>备份…</translation>
    </message>
    <message>
        <source>Restore…</source>
        <translation>恢复…</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Daily backup</source>
        <translation>每日备份</translation>
    </message>
    <message>
        <source>All chats are copied once a day; copies of 14 days are kept.</source>
        <translation>每天备份一次所有对话，保留 14 天。</translation>
    </message>
    <message>
        <source>Backup of everything</source>
        <translation>完整备份</translation>
    </message>
    <message>
        <source>All chats, folders, presets and prompts in one file.</source>
        <translation>把所有对话、文件夹、预设和提示词存到一个文件。</translation>
    </message>
    <message>
        <source>Import chats</source>
        <translation>导入对话</translation>
    </message>
    <message>
        <source>From Fullbore&apos;s JSON or from an export of ChatGPT.</source>
        <translation>来自 Fullbore 的 JSON 或 ChatGPT 的导出文件。</translation>
    </message>
</context>
<context>
    <name>KeepingStrip</name>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>KeyDialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Change the key</source>
        <translation>修改密钥</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the secret now: it is shown this once. Fullbore keeps a hash of it alone, and nobody can read it again.</source>
        <translation>请现在复制密钥：它只显示这一次。Fullbore 只保存其哈希，之后谁也无法再读到它。</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>限制</translation>
    </message>
    <message>
        <source>Make the key</source>
        <translation>创建密钥</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>New key</source>
        <translation>新密钥</translation>
    </message>
    <message>
        <source>Requests a minute</source>
        <translation>每分钟请求数</translation>
    </message>
    <message>
        <source>Requests at once</source>
        <translation>同时请求数</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>The key is made</source>
        <translation>密钥已创建</translation>
    </message>
    <message>
        <source>The key&apos;s secret</source>
        <translation>密钥内容</translation>
    </message>
    <message>
        <source>What it opens</source>
        <translation>可以访问</translation>
    </message>
    <message>
        <source>Who uses it, such as: laptop</source>
        <translation>谁使用它，例如：笔记本电脑</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>不限</translation>
    </message>
</context>
<context>
    <name>KeyLine</name>
    <message>
        <source>Change {0}</source>
        <translation>修改 {0}</translation>
    </message>
    <message>
        <source>Delete {0}</source>
        <translation>删除 {0}</translation>
    </message>
    <message>
        <source>last used: {0}</source>
        <translation>最近使用：{0}</translation>
    </message>
    <message>
        <source>made {0}</source>
        <translation>创建于 {0}</translation>
    </message>
    <message>
        <source>opens {0}</source>
        <translation>可访问：{0}</translation>
    </message>
</context>
<context>
    <name>KeyboardSection</name>
    <message>
        <source>Keyboard</source>
        <translation>键盘</translation>
    </message>
    <message>
        <source>Show them</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Open it</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>What sends a message</source>
        <translation>发送消息的按键</translation>
    </message>
    <message>
        <source>The other of Enter and Ctrl+Enter then breaks the line.</source>
        <translation>Enter 与 Ctrl+Enter 中的另一个用于换行。</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Every key that does something. F1 shows them.</source>
        <translation>所有可用的按键。按 F1 显示。</translation>
    </message>
    <message>
        <source>Command palette</source>
        <translation>命令面板</translation>
    </message>
    <message>
        <source>Finds every command, chat, model and setting. Ctrl+K opens it.</source>
        <translation>查找任何命令、对话、模型和设置。按 Ctrl+K 打开。</translation>
    </message>
    <message>
        <source>Tell of finished answers</source>
        <translation>播报完成的回答</translation>
    </message>
    <message>
        <source>A screen reader hears the answer when it is complete.</source>
        <translation>回答完成后由屏幕阅读器朗读。</translation>
    </message>
</context>
<context>
    <name>KeysPage</name>
    <message>
        <source>As soon as there is a key, every program must say one. Of a secret nothing is kept but a hash.</source>
        <translation>只要有密钥，每个程序都必须提供一个。密钥内容只保存哈希。</translation>
    </message>
    <message>
        <source>Delete the key</source>
        <translation>删除密钥</translation>
    </message>
    <message>
        <source>Delete “{0}”? Programs that say it are refused from then on.</source>
        <translation>删除“{0}”？此后使用它的程序将被拒绝。</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>New key</source>
        <translation>新密钥</translation>
    </message>
    <message>
        <source>There is no key: whoever reaches the port is answered.</source>
        <translation>没有密钥：任何能连上端口的程序都会得到回答。</translation>
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
        <translation>上下文（token）</translation>
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
        <source>Library</source>
        <translation>模型库</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
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
        <source>Comparing…</source>
        <translation>正在比较…</translation>
    </message>
    <message>
        <source>Asking the Hub…</source>
        <translation>正在询问 Hub…</translation>
    </message>
    <message>
        <source>1 model is here a second time, byte for byte; {1} could be freed.</source>
        <translation>有 1 个模型逐字节重复；可释放 {1}。</translation>
    </message>
    <message>
        <source>{0} models are here once more, byte for byte; {1} could be freed.</source>
        <translation>有 {0} 个模型逐字节重复；可释放 {1}。</translation>
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
        <source>Discover what runs well on this computer, or drop a folder or a .gguf file in.</source>
        <translation>去发现适合这台电脑的模型，或把文件夹、.gguf 文件拖进来。</translation>
    </message>
</context>
<context>
    <name>LicencesPage</name>
    <message>
        <source>Licence</source>
        <translation>许可</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>组成部分</translation>
    </message>
    <message>
        <source>Search parts and licences</source>
        <translation>搜索组成部分和许可</translation>
    </message>
</context>
<context>
    <name>Limits</name>
    <message>
        <source>The context is full, and the answer ends here. Start a new chat, or load the model with a longer context.</source>
        <translation>上下文已满，回答到此为止。请新建对话，或以更长的上下文加载模型。</translation>
    </message>
    <message>
        <source>This text has {0} characters, and a message may hold {1}. Shorten it, or send it in parts.</source>
        <translation>这段文本有 {0} 个字符，而一条消息最多 {1} 个。请缩短，或分几次发送。</translation>
    </message>
    <message>
        <source>These files are more than a message may hold, {0} MB. Send fewer of them.</source>
        <translation>这些文件超过了一条消息的上限 {0} MB。请减少文件。</translation>
    </message>
    <message>
        <source>This question takes {0} tokens, and the context holds {1} with the answer. Shorten it, or load the model with a longer context.</source>
        <translation>这个问题需要 {0} 个 token，而上下文连同回答只能容纳 {1} 个。请缩短问题，或以更长的上下文加载模型。</translation>
    </message>
    <message>
        <source>The conversation takes {0} tokens, and the context holds {1} with the answer. Start a new chat, let the oldest turns be left out, or load the model with a longer context.</source>
        <translation>对话需要 {0} 个 token，而上下文连同回答只能容纳 {1} 个。请新建对话、略去最早的轮次，或以更长的上下文加载模型。</translation>
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
    <name>LocalKeys</name>
    <message>
        <source>In the list of chats</source>
        <translation>在对话列表中</translation>
    </message>
    <message>
        <source>While writing</source>
        <translation>输入时</translation>
    </message>
    <message>
        <source>Send, or break the line: see the settings</source>
        <translation>发送或换行：见设置</translation>
    </message>
    <message>
        <source>Break the line</source>
        <translation>换行</translation>
    </message>
    <message>
        <source>Write a prompt of the library</source>
        <translation>插入提示词库中的提示词</translation>
    </message>
    <message>
        <source>Edit the last question, in an empty field</source>
        <translation>在空输入框中编辑上一个问题</translation>
    </message>
    <message>
        <source>Stop the answer</source>
        <translation>停止回答</translation>
    </message>
    <message>
        <source>In the conversation</source>
        <translation>在对话内容中</translation>
    </message>
    <message>
        <source>Next message</source>
        <translation>下一条消息</translation>
    </message>
    <message>
        <source>Message before</source>
        <translation>上一条消息</translation>
    </message>
    <message>
        <source>Go through what can be done</source>
        <translation>逐一选择可用操作</translation>
    </message>
    <message>
        <source>Copy as Markdown</source>
        <translation>复制为 Markdown</translation>
    </message>
    <message>
        <source>Select everything</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>To the begin, to the end</source>
        <translation>到开头、到末尾</translation>
    </message>
    <message>
        <source>Next and previous hit of a search</source>
        <translation>下一处和上一处搜索结果</translation>
    </message>
    <message>
        <source>In lists of models and downloads</source>
        <translation>在模型和下载列表中</translation>
    </message>
    <message>
        <source>Open, or chat with it</source>
        <translation>打开，或用它对话</translation>
    </message>
    <message>
        <source>Delete, or remove</source>
        <translation>删除或移除</translation>
    </message>
    <message>
        <source>Pause a download, or go on</source>
        <translation>暂停或继续下载</translation>
    </message>
    <message>
        <source>Move a download in the queue</source>
        <translation>在队列中移动下载</translation>
    </message>
    <message>
        <source>Save a prompt of the library</source>
        <translation>保存提示词库中的提示词</translation>
    </message>
</context>
<context>
    <name>MachineCard</name>
    <message>
        <source>Processor and memory</source>
        <translation>处理器与内存</translation>
    </message>
    <message>
        <source>Cores</source>
        <translation>核心</translation>
    </message>
    <message>
        <source>RAM</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>All cores</source>
        <translation>所有核心</translation>
    </message>
    <message>
        <source>Read from disk</source>
        <translation>磁盘读取</translation>
    </message>
    <message>
        <source>Swap</source>
        <translation>交换空间</translation>
    </message>
    <message>
        <source>Nothing was measured yet</source>
        <translation>尚未测量</translation>
    </message>
    <message>
        <source>Memory {0}</source>
        <translation>内存 {0}</translation>
    </message>
    <message>
        <source>Swap {0}</source>
        <translation>交换空间 {0}</translation>
    </message>
    <message>
        <source>Loaded models keep {0} cores busy and hold {1} of memory</source>
        <translation>已加载的模型占用 {0} 个核心和 {1} 内存</translation>
    </message>
</context>
<context>
    <name>MachineDialog</name>
    <message>
        <source>Plan for other hardware</source>
        <translation>为其他硬件规划</translation>
    </message>
    <message>
        <source>Another card</source>
        <translation>再加一块显卡</translation>
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
        <source>{0} channels</source>
        <translation>{0} 通道</translation>
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
</context>
<context>
    <name>MachinePage</name>
    <message>
        <source>Examine it thoroughly</source>
        <translation>全面检查</translation>
    </message>
    <message>
        <source>Looking at this computer…</source>
        <translation>正在查看本机…</translation>
    </message>
    <message>
        <source>Models run on the processor: small ones well, large ones slowly.</source>
        <translation>模型在处理器上运行：小模型流畅，大模型较慢。</translation>
    </message>
    <message>
        <source>Nothing is in the way.</source>
        <translation>一切正常。</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>No graphics card of use was found</source>
        <translation>未找到可用的显卡</translation>
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
    <name>MachineSection</name>
    <message>
        <source>This machine</source>
        <translation>这台电脑</translation>
    </message>
    <message>
        <source>A minute of measuring makes predictions of speed exact.</source>
        <translation>测量一分钟，速度预测就会准确。</translation>
    </message>
    <message>
        <source>Measured speed</source>
        <translation>实测速度</translation>
    </message>
    <message>
        <source>Offer to measure</source>
        <translation>建议测量</translation>
    </message>
    <message>
        <source>A machine that was never measured is told of beside the chat.</source>
        <translation>从未测量过时，在对话旁提示。</translation>
    </message>
    <message>
        <source>Price of a kWh</source>
        <translation>每千瓦时电价</translation>
    </message>
    <message>
        <source>In your own money; the monitor tells from it what tokens cost.</source>
        <translation>以您的货币计；监控据此计算 token 的费用。</translation>
    </message>
    <message>
        <source>Idle conversations on disk</source>
        <translation>磁盘上的空闲对话</translation>
    </message>
    <message>
        <source>What was read of them is kept there, to go on at once. 0 keeps none.</source>
        <translation>把已读取的内容存在磁盘上，以便立即继续。0 表示不保存。</translation>
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
        <source>1 a second</source>
        <translation>每秒 1 次</translation>
    </message>
    <message>
        <source>2 a second</source>
        <translation>每秒 2 次</translation>
    </message>
    <message>
        <source>5 a second</source>
        <translation>每秒 5 次</translation>
    </message>
    <message>
        <source>Doctor</source>
        <translation>诊断</translation>
    </message>
    <message>
        <source>Every 2 seconds</source>
        <translation>每 2 秒 1 次</translation>
    </message>
    <message>
        <source>Examine</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Finds what is wrong with this machine, and says what to do.</source>
        <translation>找出这台电脑的问题，并说明该怎么做。</translation>
    </message>
    <message>
        <source>How often cards and processor are read.</source>
        <translation>读取显卡和处理器状态的频率。</translation>
    </message>
    <message>
        <source>Readings of the hardware</source>
        <translation>硬件读数</translation>
    </message>
    <message>
        <source>First-run guide</source>
        <translation>首次使用向导</translation>
    </message>
    <message>
        <source>From what this machine has to models that suit it, in three pages.</source>
        <translation>三页内从本机配置到适合的模型。</translation>
    </message>
    <message>
        <source>Show it</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>The address of a folder that has all their parts. Empty: from Fullbore&apos;s releases and NVIDIA&apos;s wheels.</source>
        <translation>包含其全部组成部分的文件夹地址。留空：使用 Fullbore 的发布和 NVIDIA 的软件包。</translation>
    </message>
    <message>
        <source>Where GPU packs come from</source>
        <translation>GPU 包的来源</translation>
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
    <name>Mathematics</name>
    <message>
        <source>This formula takes too long to set; here is its source.</source>
        <translation>排版此公式耗时过长，以下是其源码。</translation>
    </message>
    <message>
        <source>This formula cannot be set: %1</source>
        <translation>无法排版此公式：%1</translation>
    </message>
</context>
<context>
    <name>MessageEditor</name>
    <message>
        <source>Edit the message</source>
        <translation>编辑消息</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
</context>
<context>
    <name>MiniWindow</name>
    <message>
        <source>Small monitor</source>
        <translation>小监控窗</translation>
    </message>
    <message>
        <source>Hide the small monitor</source>
        <translation>隐藏小监控窗</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>没有模型</translation>
    </message>
    <message>
        <source>Idle</source>
        <translation>空闲</translation>
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
    <message>
        <source>{0} · loaded</source>
        <translation>{0} · 已加载</translation>
    </message>
    <message>
        <source>{0}; loaded besides: {1}</source>
        <translation>{0}；另外已加载：{1}</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>A download goes on while you chat; you are asked before it is used.</source>
        <translation>对话时下载会继续；使用前会先询问您。</translation>
    </message>
    <message>
        <source>As soon as this machine is measured, the model is loaded.</source>
        <translation>本机测量完成后即加载模型。</translation>
    </message>
    <message>
        <source>Asking the Hub…</source>
        <translation>正在询问 Hub…</translation>
    </message>
    <message>
        <source>Chat right away</source>
        <translation>立即对话</translation>
    </message>
    <message>
        <source>Choosing models for this computer…</source>
        <translation>正在为本机挑选模型…</translation>
    </message>
    <message>
        <source>Looking at this computer…</source>
        <translation>正在查看本机…</translation>
    </message>
    <message>
        <source>No larger model has room on this disk or in this memory. Free some room, and look at Discover later.</source>
        <translation>磁盘或内存放不下更大的模型。请腾出空间，稍后再看“发现”。</translation>
    </message>
    <message>
        <source>The Hub could not be asked: these are estimates, and downloads wait until it answers. The step before tests the network and has a mirror.</source>
        <translation>无法连接 Hub：以下为估算，下载将等到它有回应。上一步可以测试网络并使用镜像。</translation>
    </message>
    <message>
        <source>The model is being loaded…</source>
        <translation>正在加载模型…</translation>
    </message>
    <message>
        <source>The starter model is on its way: {0}</source>
        <translation>入门模型正在下载：{0}</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>{0} is here already.</source>
        <translation>{0} 已在本机。</translation>
    </message>
    <message>
        <source>{0} is small ({1}) and soon here: something to talk to meanwhile.</source>
        <translation>{0} 很小（{1}），很快就到：可以先和它聊聊。</translation>
    </message>
</context>
<context>
    <name>MonitorPresenter</name>
    <message>
        <source>{0} could not be written: {1}.</source>
        <translation>无法写入 {0}：{1}。</translation>
    </message>
</context>
<context>
    <name>MonitorScreen</name>
    <message>
        <source>Monitor</source>
        <translation>监控</translation>
    </message>
    <message>
        <source>Time shown</source>
        <translation>显示的时间段</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Export CSV…</source>
        <translation>导出 CSV…</translation>
    </message>
    <message>
        <source>Export PNG…</source>
        <translation>导出 PNG…</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>No graphics card reports to this computer.</source>
        <translation>这台电脑上没有提供读数的显卡。</translation>
    </message>
    <message>
        <source>{0} could not be written.</source>
        <translation>无法写入 {0}。</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Export what was measured</source>
        <translation>导出测量结果</translation>
    </message>
    <message>
        <source>Export a picture</source>
        <translation>导出图片</translation>
    </message>
    <message>
        <source>Written: {0}</source>
        <translation>已写入：{0}</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} 分钟</translation>
    </message>
    <message>
        <source>{0} h</source>
        <translation>{0} 小时</translation>
    </message>
    <message>
        <source>Small monitor</source>
        <translation>小监视器</translation>
    </message>
</context>
<context>
    <name>OccupiedDialog</name>
    <message>
        <source>A command of Fullbore is at work in a terminal.</source>
        <translation>终端中有一个 Fullbore 命令正在运行。</translation>
    </message>
    <message>
        <source>Another Fullbore is running here, but does not answer.</source>
        <translation>另一个 Fullbore 正在运行，但没有回应。</translation>
    </message>
    <message>
        <source>Answers in progress are being finished.</source>
        <translation>正在完成进行中的回答。</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>复制地址</translation>
    </message>
    <message>
        <source>End it at once</source>
        <translation>立即结束它</translation>
    </message>
    <message>
        <source>Fullbore is running here without a window.</source>
        <translation>Fullbore 正在无窗口运行。</translation>
    </message>
    <message>
        <source>Fullbore is serving at {0}, without a window.</source>
        <translation>Fullbore 正在 {0} 提供服务，没有窗口。</translation>
    </message>
    <message>
        <source>If the window takes over, answers in progress are finished first. If it does not, other programs go on using that address.</source>
        <translation>如果由窗口接管，会先完成进行中的回答；否则其他程序继续使用该地址。</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Take over</source>
        <translation>接管</translation>
    </message>
    <message>
        <source>The address is in the clipboard.</source>
        <translation>地址已在剪贴板中。</translation>
    </message>
    <message>
        <source>The window opens as soon as it has ended.</source>
        <translation>它结束后窗口就会打开。</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
</context>
<context>
    <name>Offered</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Load {0}</source>
        <translation>加载 {0}</translation>
    </message>
    <message>
        <source>Unload the model</source>
        <translation>卸载模型</translation>
    </message>
    <message>
        <source>This chat</source>
        <translation>此对话</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>Preset: {0}</source>
        <translation>预设：{0}</translation>
    </message>
    <message>
        <source>Export as {0}</source>
        <translation>导出为 {0}</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Settings · {0}</source>
        <translation>设置 · {0}</translation>
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
    <name>OffersView</name>
    <message>
        <source>Quantizations</source>
        <translation>量化版本</translation>
    </message>
    <message>
        <source>Placement…</source>
        <translation>布局…</translation>
    </message>
</context>
<context>
    <name>OptionRow</name>
    <message>
        <source>{0}: back to the default</source>
        <translation>{0}：恢复默认值</translation>
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
        <translation>提示词</translation>
    </message>
    <message>
        <source>not yet</source>
        <translation>尚无</translation>
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
    <name>PackCard</name>
    <message>
        <source>Downloading the GPU pack</source>
        <translation>正在下载 GPU 包</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Install again</source>
        <translation>重新安装</translation>
    </message>
    <message>
        <source>Install the GPU pack</source>
        <translation>安装 GPU 包</translation>
    </message>
    <message>
        <source>No GPU pack is needed</source>
        <translation>不需要 GPU 包</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>The GPU pack does not work</source>
        <translation>GPU 包无法工作</translation>
    </message>
    <message>
        <source>The GPU pack is installed</source>
        <translation>GPU 包已安装</translation>
    </message>
    <message>
        <source>The card computes, to see that all is well</source>
        <translation>显卡正在计算，以确认一切正常</translation>
    </message>
    <message>
        <source>The graphics card cannot be used</source>
        <translation>无法使用显卡</translation>
    </message>
    <message>
        <source>Unpacking the GPU pack</source>
        <translation>正在解压 GPU 包</translation>
    </message>
    <message>
        <source>Use the graphics card</source>
        <translation>使用显卡</translation>
    </message>
    <message>
        <source>{0} of it have arrived already.</source>
        <translation>其中 {0} 已经到达。</translation>
    </message>
    <message>
        <source>{0} on the disk. Models use it from the next load on.</source>
        <translation>占用磁盘 {0}。模型从下次加载起使用它。</translation>
    </message>
    <message>
        <source>{0} to download, {1} on the disk afterwards.</source>
        <translation>需下载 {0}，之后占用磁盘 {1}。</translation>
    </message>
</context>
<context>
    <name>PaintedCanvas</name>
    <message>
        <source>No messages yet</source>
        <translation>还没有消息</translation>
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
        <source>Let Fullbore choose the context</source>
        <translation>由 Fullbore 选择上下文</translation>
    </message>
    <message>
        <source>Plan for other hardware…</source>
        <translation>为其他硬件规划…</translation>
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
        <translation>布局…</translation>
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
        <source>automatic: {0}</source>
        <translation>自动：{0}</translation>
    </message>
    <message>
        <source>Planned for {0}: plan for this computer again</source>
        <translation>正为 {0} 规划：改回本机</translation>
    </message>
    <message>
        <source>Working out how each of them would run…</source>
        <translation>正在计算每个版本如何运行…</translation>
    </message>
    <message>
        <source>{0} of {1} headers read</source>
        <translation>已读取 {0} / {1} 个文件头</translation>
    </message>
    <message>
        <source>None of them fits</source>
        <translation>都放不下</translation>
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
        <translation>{0} · 保留</translation>
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
    <name>PlacesPage</name>
    <message>
        <source>1 model, {1}</source>
        <translation>1 个模型，{1}</translation>
    </message>
    <message>
        <source>Add a folder</source>
        <translation>添加文件夹</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Asking {0} …</source>
        <translation>正在询问 {0} …</translation>
    </message>
    <message>
        <source>Folder of models</source>
        <translation>模型文件夹</translation>
    </message>
    <message>
        <source>Found in other programs</source>
        <translation>在其他程序中发现</translation>
    </message>
    <message>
        <source>Not tried yet</source>
        <translation>尚未测试</translation>
    </message>
    <message>
        <source>Show the models of {0}</source>
        <translation>显示 {0} 的模型</translation>
    </message>
    <message>
        <source>Show the models of {0} no longer</source>
        <translation>不再显示 {0} 的模型</translation>
    </message>
    <message>
        <source>Test again</source>
        <translation>再次测试</translation>
    </message>
    <message>
        <source>Their models are used where they lie.</source>
        <translation>这些模型在原处直接使用。</translation>
    </message>
    <message>
        <source>Use the mirror {0}</source>
        <translation>使用镜像 {0}</translation>
    </message>
    <message>
        <source>Where huggingface.co cannot be reached. The access token is never sent there.</source>
        <translation>用于无法访问 huggingface.co 的地方。访问令牌绝不会发送到那里。</translation>
    </message>
    <message>
        <source>Where models come from</source>
        <translation>模型来源</translation>
    </message>
    <message>
        <source>{0} models, {1}</source>
        <translation>{0} 个模型，{1}</translation>
    </message>
    <message>
        <source>{0}: that is little. Free some room, or only small models fit.</source>
        <translation>{0}：空间很少。请腾出空间，否则只放得下小模型。</translation>
    </message>
    <message>
        <source>Another folder…</source>
        <translation>更换文件夹…</translation>
    </message>
    <message>
        <source>Folder for downloads</source>
        <translation>下载文件夹</translation>
    </message>
    <message>
        <source>Models that lie there are shown, too</source>
        <translation>那里的模型也会显示</translation>
    </message>
    <message>
        <source>Where downloads go from now on; nothing is moved</source>
        <translation>今后下载到哪里；已有的文件不会移动</translation>
    </message>
</context>
<context>
    <name>PresetsPresenter</name>
    <message>
        <source>Preset</source>
        <translation>预设</translation>
    </message>
</context>
<context>
    <name>QShortcut</name>
    <message>
        <source>Return</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>↑</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>↓</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>←</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>→</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空格</translation>
    </message>
</context>
<context>
    <name>Reach</name>
    <message>
        <source>Other computers are let in with a key alone: without one, anybody in your network could use your models. Make one, and the port is opened to the network.</source>
        <translation>其他电脑必须凭密钥才能进入：没有密钥，您网络中的任何人都能使用您的模型。创建一个密钥后，端口将向网络开放。</translation>
    </message>
</context>
<context>
    <name>ReachRow</name>
    <message>
        <source>The whole network</source>
        <translation>整个网络</translation>
    </message>
    <message>
        <source>This computer alone</source>
        <translation>仅限本机</translation>
    </message>
</context>
<context>
    <name>Remedy</name>
    <message>
        <source>A new, empty file was started.</source>
        <translation>已新建一个空文件。</translation>
    </message>
    <message>
        <source>A new, empty file was started; the old one lies beside it.</source>
        <translation>已新建一个空文件；旧文件保留在旁边。</translation>
    </message>
    <message>
        <source>Accept its licence on the Hub, then log in with an access token.</source>
        <translation>请在 Hub 上接受其许可，再用访问令牌登录。</translation>
    </message>
    <message>
        <source>Ask a question instead.</source>
        <translation>请改为提问。</translation>
    </message>
    <message>
        <source>Ask again in a while.</source>
        <translation>请稍后再问。</translation>
    </message>
    <message>
        <source>Ask again: the model will be loaded anew.</source>
        <translation>请再问一次：模型会重新加载。</translation>
    </message>
    <message>
        <source>Ask for the answer anew.</source>
        <translation>请重新请求回答。</translation>
    </message>
    <message>
        <source>Ask without a rolling context.</source>
        <translation>请不用滚动上下文再问。</translation>
    </message>
    <message>
        <source>Attach a smaller file.</source>
        <translation>请附加更小的文件。</translation>
    </message>
    <message>
        <source>Change the request, or load the model with other settings.</source>
        <translation>请更改请求，或用其他设置加载模型。</translation>
    </message>
    <message>
        <source>Check its path.</source>
        <translation>请检查其路径。</translation>
    </message>
    <message>
        <source>Check that it may be read.</source>
        <translation>请确认它可以读取。</translation>
    </message>
    <message>
        <source>Check that its disk answers, then try again.</source>
        <translation>请检查其所在磁盘能否访问，然后重试。</translation>
    </message>
    <message>
        <source>Check that its disk is there and its permissions, then refresh the library.</source>
        <translation>请检查其磁盘是否在线及权限，然后刷新模型库。</translation>
    </message>
    <message>
        <source>Check that its folder may be written to and has room, then start again.</source>
        <translation>请确认其文件夹可写且有空间，然后重新启动。</translation>
    </message>
    <message>
        <source>Check that its folder may be written to, then try again.</source>
        <translation>请确认其文件夹可写，然后重试。</translation>
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
        <source>Check the network, or set a mirror, then try again: what has arrived is kept.</source>
        <translation>请检查网络，或设置镜像，然后重试：已下载的部分会保留。</translation>
    </message>
    <message>
        <source>Check the network, or set https://huggingface.co as the Hub&apos;s address, then try again: what has arrived is kept.</source>
        <translation>请检查网络，或把 https://huggingface.co 设为 Hub 的地址，然后重试：已下载的部分会保留。</translation>
    </message>
    <message>
        <source>Check the network, or set the mirror https://hf-mirror.com as the Hub&apos;s address, then try again: what has arrived is kept.</source>
        <translation>请检查网络，或把镜像 https://hf-mirror.com 设为 Hub 的地址，然后重试：已下载的部分会保留。</translation>
    </message>
    <message>
        <source>Check the order of the messages, or choose another model.</source>
        <translation>请检查消息的顺序，或选择其他模型。</translation>
    </message>
    <message>
        <source>Check the permissions of the models folder, then try again.</source>
        <translation>请检查模型文件夹的权限，然后重试。</translation>
    </message>
    <message>
        <source>Check the spelling: owner/name.</source>
        <translation>请检查拼写：所有者/名称。</translation>
    </message>
    <message>
        <source>Choose a .gguf file, or download it again.</source>
        <translation>请选择 .gguf 文件，或重新下载。</translation>
    </message>
    <message>
        <source>Choose a LoRA adapter in GGUF form that was made for this model.</source>
        <translation>请选择为该模型制作的 GGUF 格式的 LoRA 适配器。</translation>
    </message>
    <message>
        <source>Choose a chat exported as JSON by Fullbore, or an export of ChatGPT.</source>
        <translation>请选择由 Fullbore 导出为 JSON 的对话，或 ChatGPT 的导出文件。</translation>
    </message>
    <message>
        <source>Choose a model that was made for this.</source>
        <translation>请选择适用于此的模型。</translation>
    </message>
    <message>
        <source>Choose a model with a projector (an mmproj file beside it), or leave the images out.</source>
        <translation>请选择带投影器的模型（旁边有 mmproj 文件），或去掉图片。</translation>
    </message>
    <message>
        <source>Choose a shorter context, fewer GPU layers, or a smaller quantization.</source>
        <translation>请选择更短的上下文、更少的显卡层数，或更小的量化版本。</translation>
    </message>
    <message>
        <source>Choose a small model of the same family, or none.</source>
        <translation>请选择同系列的小模型，或不用。</translation>
    </message>
    <message>
        <source>Choose a small model with plain attention, or none.</source>
        <translation>请选择使用普通注意力的小模型，或不用。</translation>
    </message>
    <message>
        <source>Choose a smaller export.</source>
        <translation>请选择更小的导出文件。</translation>
    </message>
    <message>
        <source>Choose an address of this computer, such as 127.0.0.1.</source>
        <translation>请选择本机的地址，例如 127.0.0.1。</translation>
    </message>
    <message>
        <source>Choose another backup.</source>
        <translation>请选择别的备份。</translation>
    </message>
    <message>
        <source>Choose another folder.</source>
        <translation>请选择别的文件夹。</translation>
    </message>
    <message>
        <source>Choose another port, or close the program that uses this one.</source>
        <translation>请换一个端口，或关闭占用它的程序。</translation>
    </message>
    <message>
        <source>Choose another repository.</source>
        <translation>请选择别的仓库。</translation>
    </message>
    <message>
        <source>Choose another value.</source>
        <translation>请选择别的值。</translation>
    </message>
    <message>
        <source>Choose one of the models in the library, or download it first.</source>
        <translation>请选择模型库中的模型，或先下载它。</translation>
    </message>
    <message>
        <source>Choose other cards.</source>
        <translation>请选择其他显卡。</translation>
    </message>
    <message>
        <source>Choose the archive as ChatGPT sent it, or the file itself.</source>
        <translation>请选择 ChatGPT 发来的原始压缩包，或其中的文件。</translation>
    </message>
    <message>
        <source>Choose the model again to load it.</source>
        <translation>再次选择该模型即可加载。</translation>
    </message>
    <message>
        <source>Close the programs that use it and check its folder&apos;s permissions.</source>
        <translation>请关闭正在使用它的程序，并检查其文件夹的权限。</translation>
    </message>
    <message>
        <source>Copy it whole from the Hub&apos;s settings, under Access Tokens: hf_…</source>
        <translation>请从 Hub 设置的 Access Tokens 中完整复制：hf_…</translation>
    </message>
    <message>
        <source>Correct the file, or delete it to start from the defaults.</source>
        <translation>请更正该文件，或删除它以恢复默认设置。</translation>
    </message>
    <message>
        <source>Correct the request.</source>
        <translation>请更正请求。</translation>
    </message>
    <message>
        <source>Delete it there, or confirm that it is to be deleted here.</source>
        <translation>请在那里删除，或确认在这里删除。</translation>
    </message>
    <message>
        <source>Divide it, or ask with `truncate` for its end to be left out.</source>
        <translation>请拆分它，或用 `truncate` 略去末尾。</translation>
    </message>
    <message>
        <source>Download it again to go on: what has arrived is kept.</source>
        <translation>再次下载即可继续：已下载的部分会保留。</translation>
    </message>
    <message>
        <source>Download it again.</source>
        <translation>请重新下载。</translation>
    </message>
    <message>
        <source>Download the file again, or choose another quantization.</source>
        <translation>请重新下载该文件，或选择其他量化版本。</translation>
    </message>
    <message>
        <source>Export it again, or download it again.</source>
        <translation>请重新导出，或重新下载。</translation>
    </message>
    <message>
        <source>Finish its download.</source>
        <translation>请完成它的下载。</translation>
    </message>
    <message>
        <source>Finish or repeat its download.</source>
        <translation>请完成下载，或重新下载。</translation>
    </message>
    <message>
        <source>Free some space and try again.</source>
        <translation>请腾出一些空间后重试。</translation>
    </message>
    <message>
        <source>Free some space, or choose another folder with FULLBORE_HOME.</source>
        <translation>请腾出一些空间，或用 FULLBORE_HOME 选择其他文件夹。</translation>
    </message>
    <message>
        <source>Fullbore goes on with its catalogue&apos;s figures; measure again when nothing else runs.</source>
        <translation>Fullbore 将继续使用内置的数据；请在没有其他程序运行时再测一次。</translation>
    </message>
    <message>
        <source>Install Fullbore again, which brings the right one.</source>
        <translation>请重新安装 Fullbore，它自带正确的版本。</translation>
    </message>
    <message>
        <source>Leave `suffix` out, or choose a model for code that was.</source>
        <translation>请去掉 `suffix`，或选择支持它的代码模型。</translation>
    </message>
    <message>
        <source>Leave it out.</source>
        <translation>请去掉它。</translation>
    </message>
    <message>
        <source>Leave some out.</source>
        <translation>请去掉一些。</translation>
    </message>
    <message>
        <source>Load it with a greater micro-batch.</source>
        <translation>请用更大的微批次加载。</translation>
    </message>
    <message>
        <source>Log in with `hf auth login`, or set HF_TOKEN, before Fullbore is started.</source>
        <translation>请在启动 Fullbore 之前用 `hf auth login` 登录，或设置 HF_TOKEN。</translation>
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
        <source>No token is sent to a mirror: set https://huggingface.co as the Hub&apos;s address for this one, accept its licence there, and log in with an access token.</source>
        <translation>令牌不会发送给镜像：请为此把 https://huggingface.co 设为 Hub 的地址，在那里接受其许可，再用访问令牌登录。</translation>
    </message>
    <message>
        <source>Nothing was downloaded. Do not trust this repository.</source>
        <translation>没有下载任何内容。请不要信任这个仓库。</translation>
    </message>
    <message>
        <source>Open the chat again.</source>
        <translation>请重新打开该对话。</translation>
    </message>
    <message>
        <source>Pin fewer knobs or leave out cards, then try again.</source>
        <translation>请少固定几项，或停用一些显卡，然后重试。</translation>
    </message>
    <message>
        <source>Refresh the library.</source>
        <translation>请刷新模型库。</translation>
    </message>
    <message>
        <source>Remove the link, or name the folder it leads to as the models folder.</source>
        <translation>请移除该链接，或把它指向的文件夹设为模型文件夹。</translation>
    </message>
    <message>
        <source>Restore an earlier backup.</source>
        <translation>请恢复更早的备份。</translation>
    </message>
    <message>
        <source>Set another address, such as https://hf-mirror.com.</source>
        <translation>请设置别的地址，例如 https://hf-mirror.com。</translation>
    </message>
    <message>
        <source>Set another mirror, or download the model to see what it needs.</source>
        <translation>请设置其他镜像，或下载该模型以查看它的需求。</translation>
    </message>
    <message>
        <source>Set another mirror, then try again: nothing is lost.</source>
        <translation>请设置别的镜像，然后重试：什么都不会丢失。</translation>
    </message>
    <message>
        <source>Shorten it.</source>
        <translation>请缩短它。</translation>
    </message>
    <message>
        <source>Shorten the conversation, or load the model with a longer context.</source>
        <translation>请缩短对话，或用更长的上下文加载模型。</translation>
    </message>
    <message>
        <source>Start Fullbore again; if that does not help, restore a backup.</source>
        <translation>请重新启动 Fullbore；如果仍不行，请恢复备份。</translation>
    </message>
    <message>
        <source>Start a chat first.</source>
        <translation>请先开始一个对话。</translation>
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
        <source>The estimate stands; load the model to learn what it takes.</source>
        <translation>仍以估算为准；加载模型即可得知实际占用。</translation>
    </message>
    <message>
        <source>Try again later or set a second source: the file will be transferred anew.</source>
        <translation>请稍后重试，或设置第二来源：文件会重新传输。</translation>
    </message>
    <message>
        <source>Try again later, or set another mirror.</source>
        <translation>请稍后重试，或设置别的镜像。</translation>
    </message>
    <message>
        <source>Try again: what has arrived is kept.</source>
        <translation>请重试：已下载的部分会保留。</translation>
    </message>
    <message>
        <source>Try again; if it happens again, report it with the log.</source>
        <translation>请重试；如果再次发生，请附上日志反馈。</translation>
    </message>
    <message>
        <source>Unload it, then delete it.</source>
        <translation>请先卸载，再删除。</translation>
    </message>
    <message>
        <source>Unload the model, then try again: what has arrived is kept.</source>
        <translation>请卸载该模型后重试：已下载的部分会保留。</translation>
    </message>
    <message>
        <source>Unpack it first.</source>
        <translation>请先解压。</translation>
    </message>
    <message>
        <source>Update Fullbore to open it; the file is left untouched.</source>
        <translation>请更新 Fullbore 后再打开；该文件未被改动。</translation>
    </message>
    <message>
        <source>Update Fullbore to open them.</source>
        <translation>请更新 Fullbore 后再打开。</translation>
    </message>
    <message>
        <source>Update Fullbore to restore it.</source>
        <translation>请更新 Fullbore 后再恢复。</translation>
    </message>
    <message>
        <source>Update Fullbore to take it in.</source>
        <translation>请更新 Fullbore 后再导入。</translation>
    </message>
    <message>
        <source>Update Fullbore, or choose another model.</source>
        <translation>请更新 Fullbore，或选择其他模型。</translation>
    </message>
    <message>
        <source>Update Fullbore, or choose another quantization.</source>
        <translation>请更新 Fullbore，或选择其他量化版本。</translation>
    </message>
    <message>
        <source>Use PNG, JPEG, GIF or BMP, of 20 MB and 40 megapixels at most.</source>
        <translation>请使用 PNG、JPEG、GIF 或 BMP，且不超过 20 MB 和 4000 万像素。</translation>
    </message>
    <message>
        <source>Use an address that begins with https://.</source>
        <translation>请使用以 https:// 开头的地址。</translation>
    </message>
    <message>
        <source>Use the Fullbore that is already running, or close it first.</source>
        <translation>请使用已在运行的 Fullbore，或先关闭它。</translation>
    </message>
    <message>
        <source>Wait some minutes, then try again: what has arrived is kept.</source>
        <translation>请等几分钟再试：已下载的部分会保留。</translation>
    </message>
    <message>
        <source>Wait until it is done there.</source>
        <translation>请等那边完成。</translation>
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
        <source>Write one such as https://hf-mirror.com.</source>
        <translation>请填写如 https://hf-mirror.com 这样的地址。</translation>
    </message>
    <message>
        <source>Ask for fewer replicas, or allow more cards.</source>
        <translation>请减少副本数，或允许使用更多显卡。</translation>
    </message>
    <message>
        <source>Choose a PEM file with the certificate, and one with its key without a password.</source>
        <translation>请选择含证书的 PEM 文件，以及不带密码的私钥文件。</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>请换一个名称。</translation>
    </message>
    <message>
        <source>Choose one scope at least.</source>
        <translation>请至少选择一个权限。</translation>
    </message>
    <message>
        <source>Choose the key that the certificate was made with.</source>
        <translation>请选择与该证书配对的私钥。</translation>
    </message>
    <message>
        <source>Correct the file, or delete it and make new keys.</source>
        <translation>请更正该文件，或删除它并创建新的密钥。</translation>
    </message>
    <message>
        <source>Free some room, then install it again: what was downloaded is kept.</source>
        <translation>请腾出空间后重新安装：已下载的内容会保留。</translation>
    </message>
    <message>
        <source>Free some room, then install it: it is smaller once it is unpacked.</source>
        <translation>请腾出空间后再安装：解压后占用会变小。</translation>
    </message>
    <message>
        <source>Install it again to go on: what has arrived is kept.</source>
        <translation>请再次安装以继续：已到达的内容会保留。</translation>
    </message>
    <message>
        <source>Install it again.</source>
        <translation>请重新安装。</translation>
    </message>
    <message>
        <source>It was deleted. Try again later, or use the download page.</source>
        <translation>它已被删除。请稍后再试，或使用下载页面。</translation>
    </message>
    <message>
        <source>Leave it out, or write the whole prompt yourself and ask with `raw`.</source>
        <translation>请省略它，或自己写出完整提示并使用 `raw`。</translation>
    </message>
    <message>
        <source>Look at the download page.</source>
        <translation>请查看下载页面。</translation>
    </message>
    <message>
        <source>Look at the list of keys again.</source>
        <translation>请重新查看密钥列表。</translation>
    </message>
    <message>
        <source>Make a key first (`fullbore keys add NAME`), or open the port on this computer alone (127.0.0.1).</source>
        <translation>请先创建密钥（`fullbore keys add 名称`），或只在本机打开端口（127.0.0.1）。</translation>
    </message>
    <message>
        <source>Make it smaller.</source>
        <translation>请把它缩小。</translation>
    </message>
    <message>
        <source>Make that folder writable, then install it again.</source>
        <translation>请使该文件夹可写，然后重新安装。</translation>
    </message>
    <message>
        <source>Nothing was taken from it. Check the address it came from.</source>
        <translation>没有采用其中任何内容。请检查其来源地址。</translation>
    </message>
    <message>
        <source>Nothing was taken from it. Check the address, or try again later.</source>
        <translation>没有采用其中任何内容。请检查地址，或稍后再试。</translation>
    </message>
    <message>
        <source>Nothing was taken from it. Try again later.</source>
        <translation>没有采用其中任何内容。请稍后再试。</translation>
    </message>
    <message>
        <source>Pull hf.co/OWNER/REPOSITORY:QUANT, a repository with GGUF files.</source>
        <translation>请拉取 hf.co/所有者/仓库:量化，即含有 GGUF 文件的仓库。</translation>
    </message>
    <message>
        <source>Remove it first, to install it anew.</source>
        <translation>请先移除它，再重新安装。</translation>
    </message>
    <message>
        <source>Remove one that is not used.</source>
        <translation>请移除一个不再使用的。</translation>
    </message>
    <message>
        <source>Remove the key instead.</source>
        <translation>请改为移除该密钥。</translation>
    </message>
    <message>
        <source>Set both, or neither.</source>
        <translation>请两者都设置，或都不设置。</translation>
    </message>
    <message>
        <source>Stop that first.</source>
        <translation>请先停止它。</translation>
    </message>
    <message>
        <source>The others hold; the file is kept aside before a setting changes.</source>
        <translation>其他设置有效；更改设置前会另存该文件。</translation>
    </message>
    <message>
        <source>Try again later, or from another network.</source>
        <translation>请稍后再试，或换一个网络。</translation>
    </message>
    <message>
        <source>Try again later, or look at Fullbore&apos;s page.</source>
        <translation>请稍后再试，或查看 Fullbore 主页。</translation>
    </message>
    <message>
        <source>Try again later, or look at the address of packs in the settings.</source>
        <translation>请稍后再试，或检查设置中的 GPU 包地址。</translation>
    </message>
    <message>
        <source>Try pulling it first: hf.co/OWNER/REPOSITORY:QUANT.</source>
        <translation>请先拉取它：hf.co/所有者/仓库:量化。</translation>
    </message>
    <message>
        <source>Unload every model, then remove it again.</source>
        <translation>请卸载所有模型，然后再次移除。</translation>
    </message>
    <message>
        <source>Unload models, end other programs on the card, then install it again.</source>
        <translation>请卸载模型、结束显卡上的其他程序，然后重新安装。</translation>
    </message>
    <message>
        <source>Unpin one of them, or allow more models at once in the settings.</source>
        <translation>请取消固定其中一个，或在设置中允许同时加载更多模型。</translation>
    </message>
    <message>
        <source>Unpin or unload one of them, or load this one with a shorter context.</source>
        <translation>请取消固定或卸载其中一个，或以较短的上下文加载此模型。</translation>
    </message>
    <message>
        <source>Update Fullbore, or look at the address of packs in the settings.</source>
        <translation>请更新 Fullbore，或检查设置中的 GPU 包地址。</translation>
    </message>
    <message>
        <source>Update Fullbore, or try again later.</source>
        <translation>请更新 Fullbore，或稍后再试。</translation>
    </message>
    <message>
        <source>Use the download page instead.</source>
        <translation>请改用下载页面。</translation>
    </message>
    <message>
        <source>Wait until it is done.</source>
        <translation>请等它完成。</translation>
    </message>
    <message>
        <source>Write it without one: openssl pkey -in KEY -out PLAIN_KEY.</source>
        <translation>请写成不带密码的：openssl pkey -in KEY -out PLAIN_KEY。</translation>
    </message>
    <message>
        <source>Choose a folder for models with a short path, such as C:\models, or turn on long paths in Windows.</source>
        <translation>请为模型选择路径较短的文件夹，例如 C:\models，或在 Windows 中启用长路径。</translation>
    </message>
    <message>
        <source>Close that program, or try again in a while.</source>
        <translation>请关闭该程序，或稍后重试。</translation>
    </message>
    <message>
        <source>Wait until they are done, or remove them, then choose the folder again.</source>
        <translation>请等它们完成，或将其移除，然后重新选择文件夹。</translation>
    </message>
    <message>
        <source>Make that folder your own, or choose another folder with FULLBORE_HOME.</source>
        <translation>请取得该文件夹的写入权限，或用 FULLBORE_HOME 指定另一个文件夹。</translation>
    </message>
    <message>
        <source>Choose among the cards that there are; the doctor says why one is not seen.</source>
        <translation>请从现有的显卡中选择；诊断会说明为何看不到某块显卡。</translation>
    </message>
    <message>
        <source>Download the file again, or choose another quantization; if others fail alike, let the doctor look at this machine.</source>
        <translation>请重新下载该文件，或选择其他量化；如果其他模型也同样失败，请运行诊断检查本机。</translation>
    </message>
    <message>
        <source>Install Fullbore again; if it stays, report it with what the doctor says.</source>
        <translation>请重新安装 Fullbore；如果问题仍在，请附上诊断结果反馈。</translation>
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
        <source>Quantizations</source>
        <translation>量化版本</translation>
    </message>
    <message>
        <source>Model card</source>
        <translation>模型卡</translation>
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
    <name>RequestsList</name>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>First token</source>
        <translation>首个词元</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>路径</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>client left</source>
        <translation>客户端已离开</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>reading</source>
        <translation>读取提示</translation>
    </message>
    <message>
        <source>tok/s</source>
        <translation>tok/s</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>writing</source>
        <translation>书写中</translation>
    </message>
</context>
<context>
    <name>RequestsPage</name>
    <message>
        <source>Clear the list</source>
        <translation>清空列表</translation>
    </message>
    <message>
        <source>Look into requests</source>
        <translation>查看请求内容</translation>
    </message>
    <message>
        <source>Nobody has asked anything yet. Requests appear here as they come.</source>
        <translation>还没有任何请求。请求到来时会显示在这里。</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>The last requests are kept in memory with their words, and gone with Fullbore&apos;s end. They are never written to disk, unless you ask for that in the options.</source>
        <translation>最近的请求及其内容保存在内存中，Fullbore 结束后即消失。除非您在选项中要求，否则绝不写入磁盘。</translation>
    </message>
</context>
<context>
    <name>ResidentCard</name>
    <message>
        <source>Answers and queue</source>
        <translation>回答与队列</translation>
    </message>
    <message>
        <source>Goes in {0}</source>
        <translation>{0} 后卸载</translation>
    </message>
    <message>
        <source>Never unload {0} for another model&apos;s sake</source>
        <translation>不为其他模型卸载 {0}</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>固定</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>已固定</translation>
    </message>
    <message>
        <source>Stays</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Stays until its place is needed</source>
        <translation>保留到需要腾出空间时</translation>
    </message>
    <message>
        <source>Unload</source>
        <translation>卸载</translation>
    </message>
    <message>
        <source>Unload {0}</source>
        <translation>卸载 {0}</translation>
    </message>
    <message>
        <source>{0} answered</source>
        <translation>正在回答 {0} 个</translation>
    </message>
    <message>
        <source>{0} in all, {1} of it on cards · {2} tokens of context</source>
        <translation>共 {0}，其中 {1} 在显卡上 · 上下文 {2} 个词元</translation>
    </message>
    <message>
        <source>{0} in the queue</source>
        <translation>队列中 {0} 个</translation>
    </message>
    <message>
        <source>{0} · {1} replicas</source>
        <translation>{0} · {1} 个副本</translation>
    </message>
</context>
<context>
    <name>ResidentsPage</name>
    <message>
        <source>No model is loaded. One that a program asks for by name is loaded at once, and goes when nobody asked it for a while.</source>
        <translation>没有加载模型。程序按名称请求的模型会立即加载，一段时间无人使用后自动卸载。</translation>
    </message>
</context>
<context>
    <name>Saying</name>
    <message>
        <source>A display hangs on {card}, and takes some of its memory.</source>
        <translation>{card} 连接着显示器，占用了一些显存。</translation>
    </message>
    <message>
        <source>A further card</source>
        <translation>再加一块显卡</translation>
    </message>
    <message>
        <source>A second bar of the same kind doubles the speed of what runs on the processor.</source>
        <translation>再加一条同样的内存，处理器上的运行速度会翻倍。</translation>
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
        <source>Another program holds port {port}.</source>
        <translation>其他程序占用了端口 {port}。</translation>
    </message>
    <message>
        <source>CUDA_DEVICE_ORDER numbers the cards unlike their driver does.</source>
        <translation>CUDA_DEVICE_ORDER 使显卡编号与驱动不同。</translation>
    </message>
    <message>
        <source>CUDA_VISIBLE_DEVICES chooses among the cards.</source>
        <translation>CUDA_VISIBLE_DEVICES 限定了使用的显卡。</translation>
    </message>
    <message>
        <source>CUDA_VISIBLE_DEVICES hides every card.</source>
        <translation>CUDA_VISIBLE_DEVICES 隐藏了所有显卡。</translation>
    </message>
    <message>
        <source>Cards {first} and {second} cannot reach each other&apos;s memory, though they could.</source>
        <translation>显卡 {first} 和 {second} 本可互访显存，但目前不能。</translation>
    </message>
    <message>
        <source>Close other programs that use the card, or load with a smaller context.</source>
        <translation>请关闭使用该显卡的其他程序，或以更小的上下文加载。</translation>
    </message>
    <message>
        <source>Close other programs that use the card, or turn off the driver&apos;s system memory fallback.</source>
        <translation>请关闭使用该显卡的其他程序，或关闭驱动的系统内存回退。</translation>
    </message>
    <message>
        <source>Close other programs, or load a smaller model or context.</source>
        <translation>请关闭其他程序，或加载更小的模型或上下文。</translation>
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
        <source>Delete models you do not use, or keep new ones on another disk.</source>
        <translation>请删除不用的模型，或把新模型放到别的磁盘。</translation>
    </message>
    <message>
        <source>End it, or choose another port in the settings; Fullbore takes the next free one.</source>
        <translation>请结束它，或在设置中选择其他端口；Fullbore 会使用下一个空闲端口。</translation>
    </message>
    <message>
        <source>End programs that are not needed; what lies on the disk slows everything.</source>
        <translation>请结束不需要的程序；移到磁盘上的内容会拖慢一切。</translation>
    </message>
    <message>
        <source>End them, or unload their models, to have all of the card.</source>
        <translation>请结束它们或卸载它们的模型，以便使用整块显卡。</translation>
    </message>
    <message>
        <source>End them, or unload their models, while Fullbore runs big ones.</source>
        <translation>Fullbore 运行大模型时，请结束它们或卸载它们的模型。</translation>
    </message>
    <message>
        <source>Except the models&apos; folder from your antivirus program, or from indexing.</source>
        <translation>请在杀毒软件或索引服务中排除模型文件夹。</translation>
    </message>
    <message>
        <source>Fullbore answers at port {port}.</source>
        <translation>Fullbore 正在端口 {port} 响应。</translation>
    </message>
    <message>
        <source>Fullbore&apos;s folders can be written to, and keep its secrets.</source>
        <translation>Fullbore 的文件夹可写，且他人无法读取。</translation>
    </message>
    <message>
        <source>Give it air: clean its fans, let them turn faster, or lower its power.</source>
        <translation>请改善散热：清洁风扇、提高转速，或降低功耗。</translation>
    </message>
    <message>
        <source>Give yourself the right to write there, or free some room.</source>
        <translation>请为自己授予那里的写入权限，或腾出一些空间。</translation>
    </message>
    <message>
        <source>If it is well cooled, its limit may be raised with the driver&apos;s tools.</source>
        <translation>如果散热良好，可用驱动的工具提高上限。</translation>
    </message>
    <message>
        <source>If you did not want that, set it back: nvidia-smi -pl, with those watts.</source>
        <translation>如果这不是您想要的，请用 nvidia-smi -pl 加上该瓦数改回。</translation>
    </message>
    <message>
        <source>Install Fullbore again; parts of it are missing or do not fit this system.</source>
        <translation>请重新安装 Fullbore；它缺少部分文件，或不适合此系统。</translation>
    </message>
    <message>
        <source>Install Fullbore&apos;s build for NVIDIA cards, and update NVIDIA&apos;s driver.</source>
        <translation>请安装适用于 NVIDIA 显卡的 Fullbore 版本，并更新 NVIDIA 驱动。</translation>
    </message>
    <message>
        <source>Install Fullbore&apos;s newest build.</source>
        <translation>请安装最新版的 Fullbore。</translation>
    </message>
    <message>
        <source>Install NVIDIA&apos;s driver; after an update of it, restart the computer.</source>
        <translation>请安装 NVIDIA 驱动；更新驱动后请重启电脑。</translation>
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
        <source>Keep models on an SSD: a load waits for every byte.</source>
        <translation>请把模型放在固态硬盘上：加载要等待每一个字节。</translation>
    </message>
    <message>
        <source>Load it again, with the card chosen in its placement.</source>
        <translation>请在布局中选择该显卡，重新加载。</translation>
    </message>
    <message>
        <source>Loads take as long as the network does: keep models on a disk of this one.</source>
        <translation>加载速度受网络限制：请把模型放在本机磁盘上。</translation>
    </message>
    <message>
        <source>Look after its cooling and its power cables.</source>
        <translation>请检查它的散热和供电线。</translation>
    </message>
    <message>
        <source>Micro-batch {size}: its buffers are smaller.</source>
        <translation>微批次 {size}：缓冲区更小。</translation>
    </message>
    <message>
        <source>Micro-batch {size}: prompts are read at {mine:rate} tok/s instead of {its:rate}.</source>
        <translation>微批次 {size}：读取提示词的速度为 {mine:rate} tok/s，否则为 {its:rate}。</translation>
    </message>
    <message>
        <source>Models are read at {speed:.2f} GB/s, perhaps from memory.</source>
        <translation>模型读取速度为 {speed:.2f} GB/s，可能来自内存。</translation>
    </message>
    <message>
        <source>Models open at once.</source>
        <translation>模型可立即打开。</translation>
    </message>
    <message>
        <source>NVIDIA&apos;s driver answers, but shows no card.</source>
        <translation>NVIDIA 驱动有响应，但没有显示显卡。</translation>
    </message>
    <message>
        <source>NVIDIA&apos;s driver {driver}, for CUDA up to {cuda}.</source>
        <translation>NVIDIA 驱动 {driver}，最高支持 CUDA {cuda}。</translation>
    </message>
    <message>
        <source>No card is used: {why}</source>
        <translation>不使用显卡：{why}</translation>
    </message>
    <message>
        <source>No display takes of its memory.</source>
        <translation>没有显示器占用它的显存。</translation>
    </message>
    <message>
        <source>No memory error since the driver was loaded.</source>
        <translation>驱动加载以来没有显存错误。</translation>
    </message>
    <message>
        <source>No other program computes there much.</source>
        <translation>没有其他程序在那里大量计算。</translation>
    </message>
    <message>
        <source>No other program that runs models is there.</source>
        <translation>没有其他运行模型的程序。</translation>
    </message>
    <message>
        <source>No variable of the environment gets in the way.</source>
        <translation>没有环境变量造成妨碍。</translation>
    </message>
    <message>
        <source>Nothing can be written to {names:names}.</source>
        <translation>无法写入 {names:names}。</translation>
    </message>
    <message>
        <source>On {cards:names} alone</source>
        <translation>只用 {cards:names}</translation>
    </message>
    <message>
        <source>Only {free:.0f} MB of {card} are free.</source>
        <translation>{card} 只剩 {free:.0f} MB 显存。</translation>
    </message>
    <message>
        <source>Only {free:memory} are free on the models&apos; disk.</source>
        <translation>模型所在磁盘只剩 {free:memory}。</translation>
    </message>
    <message>
        <source>Opening a model takes {opened:.1f} s, and mapping its beginning {mapped:.1f} s: something looks through it.</source>
        <translation>打开模型用了 {opened:.1f} 秒，映射开头部分用了 {mapped:.1f} 秒：有程序在扫描它。</translation>
    </message>
    <message>
        <source>Other programs compute on {card}: {names:names}, with {size:memory}.</source>
        <translation>其他程序正在 {card} 上计算：{names:names}，占用 {size:memory}。</translation>
    </message>
    <message>
        <source>Others on this computer can read {names:names}.</source>
        <translation>这台电脑上的其他用户可以读取 {names:names}。</translation>
    </message>
    <message>
        <source>PCIe {generation}.0 by {width} lanes, all there are.</source>
        <translation>PCIe {generation}.0，{width} 条通道，已是全部。</translation>
    </message>
    <message>
        <source>PCIe {generation}.0 now, of {most}.0, by {width} lanes: cards lower it while they rest.</source>
        <translation>目前为 PCIe {generation}.0（最高 {most}.0），{width} 条通道：显卡空闲时会降低速率。</translation>
    </message>
    <message>
        <source>Port {port} is free.</source>
        <translation>端口 {port} 空闲。</translation>
    </message>
    <message>
        <source>Power is limited to {limit:.0f} W, as usual.</source>
        <translation>功耗上限为 {limit:.0f} W，正常。</translation>
    </message>
    <message>
        <source>Power is limited to {limit:.0f} W, {usual:.0f} W being usual.</source>
        <translation>功耗被限制为 {limit:.0f} W，通常为 {usual:.0f} W。</translation>
    </message>
    <message>
        <source>Put it into another slot, or look for the link&apos;s speed in the BIOS.</source>
        <translation>请换一个插槽，或在 BIOS 中查看链路速度设置。</translation>
    </message>
    <message>
        <source>RAM has {free:memory} free and lacks {over:memory}: that part is read from disk again and again.</source>
        <translation>空闲内存 {free:memory}，还差 {over:memory}：这一部分要反复从磁盘读取。</translation>
    </message>
    <message>
        <source>RAM is short: {size:.0f} MB more were swapped out within a minute.</source>
        <translation>内存不足：一分钟内又有 {size:.0f} MB 被换出。</translation>
    </message>
    <message>
        <source>Resizable BAR is off: the processor sees {window:memory} of {memory:memory}.</source>
        <translation>Resizable BAR 已关闭：处理器只能看到 {memory:memory} 中的 {window:memory}。</translation>
    </message>
    <message>
        <source>Resizable BAR is on.</source>
        <translation>Resizable BAR 已开启。</translation>
    </message>
    <message>
        <source>Restart the computer; if it hangs again, install NVIDIA&apos;s driver anew.</source>
        <translation>请重启电脑；如果再次卡住，请重新安装 NVIDIA 驱动。</translation>
    </message>
    <message>
        <source>Restart the computer; if the card stays away, look whether it sits firmly.</source>
        <translation>请重启电脑；如果显卡仍未出现，请检查是否插牢。</translation>
    </message>
    <message>
        <source>Restart the computer; if they come back, the card&apos;s memory is broken.</source>
        <translation>请重启电脑；如果再次出现，则显存已损坏。</translation>
    </message>
    <message>
        <source>Run this again; if it stays, the log says more.</source>
        <translation>请重新检查；如果仍然如此，日志中有更多信息。</translation>
    </message>
    <message>
        <source>See whether another program uses the card, or measure this machine again.</source>
        <translation>请看看是否有其他程序在使用显卡，或重新测量这台电脑。</translation>
    </message>
    <message>
        <source>Set the computer&apos;s date and time.</source>
        <translation>请校正电脑的日期和时间。</translation>
    </message>
    <message>
        <source>Small models alone will fit; more RAM helps.</source>
        <translation>只放得下小模型；增加内存会有帮助。</translation>
    </message>
    <message>
        <source>Some cards close lanes while they rest: look again under load. If it stays, put the card into another slot, seat it anew, or change the riser.</source>
        <translation>有些显卡空闲时会关闭部分通道：请在有负载时再看。如果仍然如此，请换一个插槽、重新插好，或更换转接线。</translation>
    </message>
    <message>
        <source>Split by layer over {cards:names}</source>
        <translation>按层分到 {cards:names}</translation>
    </message>
    <message>
        <source>Split by layer: by tensor, the cards could not fetch what lies in RAM to read prompts.</source>
        <translation>按层拆分：若按张量拆分，读取提示词时显卡无法取用内存里的部分。</translation>
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
        <source>Start Fullbore without CUDA_DEVICE_ORDER.</source>
        <translation>请在不设置 CUDA_DEVICE_ORDER 的情况下启动 Fullbore。</translation>
    </message>
    <message>
        <source>Start Fullbore without CUDA_VISIBLE_DEVICES to use them all.</source>
        <translation>要使用全部显卡，请在不设置 CUDA_VISIBLE_DEVICES 的情况下启动 Fullbore。</translation>
    </message>
    <message>
        <source>Start Fullbore without them, unless you set them on purpose.</source>
        <translation>除非是您有意设置的，否则请在不设置它们的情况下启动 Fullbore。</translation>
    </message>
    <message>
        <source>Take that right from them: chmod go-r, with those files.</source>
        <translation>请取消他们的读取权限：对这些文件执行 chmod go-r。</translation>
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
        <source>The cards reach each other by way of RAM, as is usual of GeForce cards.</source>
        <translation>显卡之间经由内存互访，这对 GeForce 显卡是正常的。</translation>
    </message>
    <message>
        <source>The cards reach each other&apos;s memory, by NVLink.</source>
        <translation>显卡之间可通过 NVLink 互访显存。</translation>
    </message>
    <message>
        <source>The cards reach each other&apos;s memory, by PCIe.</source>
        <translation>显卡之间可通过 PCIe 互访显存。</translation>
    </message>
    <message>
        <source>The clock can be right.</source>
        <translation>时钟看起来正确。</translation>
    </message>
    <message>
        <source>The clock is years off: downloads will be refused.</source>
        <translation>时钟偏差数年：下载会被拒绝。</translation>
    </message>
    <message>
        <source>The driver keeps the card awake.</source>
        <translation>驱动让显卡保持唤醒。</translation>
    </message>
    <message>
        <source>The driver lets the card go when nobody uses it: each load waits a second more.</source>
        <translation>无人使用时驱动会释放显卡：每次加载要多等一秒。</translation>
    </message>
    <message>
        <source>The experts of {which} stay in RAM (but for {kept:names} of the first), {size:memory}: what every token reads goes on the cards first.</source>
        <translation>{which}的专家留在内存（其中第一层的 {kept:names} 除外），共 {size:memory}：每个 token 都要读取的部分优先放到显卡上。</translation>
    </message>
    <message>
        <source>The experts of {which} stay in RAM, {size:memory}: what every token reads goes on the cards first.</source>
        <translation>{which}的专家留在内存，共 {size:memory}：每个 token 都要读取的部分优先放到显卡上。</translation>
    </message>
    <message>
        <source>The file is mapped: {size:memory} would fill the free RAM.</source>
        <translation>文件以映射方式加载：{size:memory} 会占满空闲内存。</translation>
    </message>
    <message>
        <source>The last answers came at {share:.0%} of the foretold speed.</source>
        <translation>最近几次回答的速度只有预测的 {share:.0%}。</translation>
    </message>
    <message>
        <source>The log tells why. Loading the model again often helps.</source>
        <translation>原因见日志。重新加载模型通常有效。</translation>
    </message>
    <message>
        <source>The model runs on the processor, though {card} has room for it.</source>
        <translation>模型在处理器上运行，而 {card} 放得下它。</translation>
    </message>
    <message>
        <source>The model was trained for {trained:tokens} of context, not {own:tokens}.</source>
        <translation>模型训练时的上下文是 {trained:tokens}，不是 {own:tokens}。</translation>
    </message>
    <message>
        <source>The models lie on another computer ({kind}).</source>
        <translation>模型在另一台电脑上（{kind}）。</translation>
    </message>
    <message>
        <source>The models&apos; disk reads only {speed:.2f} GB/s.</source>
        <translation>模型所在磁盘的读取速度只有 {speed:.2f} GB/s。</translation>
    </message>
    <message>
        <source>The models&apos; disk reads {speed:.2f} GB/s.</source>
        <translation>模型所在磁盘的读取速度为 {speed:.2f} GB/s。</translation>
    </message>
    <message>
        <source>The next answer may run out of memory: close other programs that use the card, or unload the model.</source>
        <translation>下一次回答可能会内存不足：请关闭使用该显卡的其他程序，或卸载模型。</translation>
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
        <source>The system does not tell how many bars of RAM there are.</source>
        <translation>系统没有提供内存条的数量。</translation>
    </message>
    <message>
        <source>There are only {total:memory} of RAM.</source>
        <translation>内存只有 {total:memory}。</translation>
    </message>
    <message>
        <source>There is an NVIDIA card, and its driver does not answer.</source>
        <translation>有 NVIDIA 显卡，但驱动没有响应。</translation>
    </message>
    <message>
        <source>There is no card: the processor does all the work.</source>
        <translation>没有显卡：全部由处理器计算。</translation>
    </message>
    <message>
        <source>There is one bar of RAM, at {speed} MT/s: one channel alone.</source>
        <translation>只有一条内存，{speed} MT/s：单通道。</translation>
    </message>
    <message>
        <source>This card is too old for this build: use another, or llama.cpp&apos;s Vulkan build.</source>
        <translation>此显卡对这个版本来说太旧：请用别的显卡，或 llama.cpp 的 Vulkan 版本。</translation>
    </message>
    <message>
        <source>This could not be looked at.</source>
        <translation>此项无法检查。</translation>
    </message>
    <message>
        <source>This hung as it was looked at.</source>
        <translation>检查此项时卡住了。</translation>
    </message>
    <message>
        <source>This system is older than what llama.cpp is built for: {system}.</source>
        <translation>此系统比 llama.cpp 所支持的更旧：{system}。</translation>
    </message>
    <message>
        <source>Trying again with {what}.</source>
        <translation>正在重试：{what}。</translation>
    </message>
    <message>
        <source>Turn off ACS and the IOMMU in the BIOS, or use slots of one processor.</source>
        <translation>请在 BIOS 中关闭 ACS 和 IOMMU，或使用属于同一处理器的插槽。</translation>
    </message>
    <message>
        <source>Turn on Resizable BAR and Above 4G Decoding in the BIOS; loads may get faster.</source>
        <translation>请在 BIOS 中开启 Resizable BAR 和 Above 4G Decoding；加载可能会更快。</translation>
    </message>
    <message>
        <source>Turn persistence on: sudo nvidia-smi -pm 1</source>
        <translation>请开启持久模式：sudo nvidia-smi -pm 1</translation>
    </message>
    <message>
        <source>Unload models, end other programs on the card, and run this again.</source>
        <translation>请卸载模型、结束显卡上的其他程序，然后重新检查。</translation>
    </message>
    <message>
        <source>Update NVIDIA&apos;s driver.</source>
        <translation>请更新 NVIDIA 驱动。</translation>
    </message>
    <message>
        <source>Update the driver and restart the computer; undo overclocking; if it stays, the card may be broken.</source>
        <translation>请更新驱动并重启电脑，取消超频；如果仍然如此，显卡可能已损坏。</translation>
    </message>
    <message>
        <source>Use a newer system: Ubuntu 22.04, Debian 12 or later.</source>
        <translation>请使用较新的系统：Ubuntu 22.04、Debian 12 或更高版本。</translation>
    </message>
    <message>
        <source>Variables of the environment make cards slower: {names:names}.</source>
        <translation>环境变量会使显卡变慢：{names:names}。</translation>
    </message>
    <message>
        <source>Windows keeps {size:memory} of {card} in RAM, where it is slow.</source>
        <translation>Windows 把 {card} 的 {size:memory} 放在内存里，速度很慢。</translation>
    </message>
    <message>
        <source>a context of {then:,} tokens instead of {now:,}</source>
        <translation>上下文由 {now:,} 减为 {then:,} 个 token</translation>
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
        <source>llama.cpp carries CUDA {needed}, and the driver runs CUDA {known} at most.</source>
        <translation>llama.cpp 自带 CUDA {needed}，而驱动最高只支持 CUDA {known}。</translation>
    </message>
    <message>
        <source>llama.cpp could not be started: {why}.</source>
        <translation>无法启动 llama.cpp：{why}。</translation>
    </message>
    <message>
        <source>llama.cpp holds no code made for {card}: its driver must translate, and the first load takes minutes.</source>
        <translation>llama.cpp 没有为 {card} 编译的代码：需由驱动转换，首次加载要几分钟。</translation>
    </message>
    <message>
        <source>llama.cpp sees every card: {count}.</source>
        <translation>llama.cpp 看到了全部 {count} 块显卡。</translation>
    </message>
    <message>
        <source>llama.cpp sees {seen} of {count} cards.</source>
        <translation>llama.cpp 只看到 {count} 块显卡中的 {seen} 块。</translation>
    </message>
    <message>
        <source>llama.cpp sees {seen} of {count} cards: CUDA_VISIBLE_DEVICES hides the others.</source>
        <translation>llama.cpp 只看到 {count} 块显卡中的 {seen} 块：其余被 CUDA_VISIBLE_DEVICES 隐藏。</translation>
    </message>
    <message>
        <source>llama.cpp was built for the processor alone, though there is a card.</source>
        <translation>有显卡，但 llama.cpp 只为处理器编译。</translation>
    </message>
    <message>
        <source>llama.cpp was built for {card}.</source>
        <translation>llama.cpp 是为 {card} 编译的。</translation>
    </message>
    <message>
        <source>llama.cpp was not built for {card}, of compute capability {own}.</source>
        <translation>llama.cpp 不是为 {card}（计算能力 {own}）编译的。</translation>
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
        <translation>只用{cards:names}，读取提示词的速度为 {its:rate} tok/s，而不是 {mine:rate}</translation>
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
        <source>{card} had {count} memory errors it could not correct.</source>
        <translation>{card} 出现过 {count} 次无法纠正的显存错误。</translation>
    </message>
    <message>
        <source>{card} has {celsius:.0f} °C.</source>
        <translation>{card} 温度为 {celsius:.0f} °C。</translation>
    </message>
    <message>
        <source>{card} in place of {worst}</source>
        <translation>把 {worst} 换成 {card}</translation>
    </message>
    <message>
        <source>{card} is connected by PCIe {generation} × {width}; it could have {newest} × {widest}.</source>
        <translation>{card} 以 PCIe {generation} × {width} 连接；本可达到 {newest} × {widest}。</translation>
    </message>
    <message>
        <source>{card} is held back by its power limit.</source>
        <translation>{card} 受功耗上限限制。</translation>
    </message>
    <message>
        <source>{card} is linked by {width} lanes of PCIe; it could have {most}.</source>
        <translation>{card} 以 {width} 条 PCIe 通道连接；本可有 {most} 条。</translation>
    </message>
    <message>
        <source>{card} is {share:.0%} full: {free:memory} of {total:memory} are free.</source>
        <translation>{card} 已用 {share:.0%}：{total:memory} 中还剩 {free:memory}。</translation>
    </message>
    <message>
        <source>{card} slows itself down to cool off.</source>
        <translation>{card} 正在降频降温。</translation>
    </message>
    <message>
        <source>{card} slows itself down: its power supply asks for it.</source>
        <translation>{card} 因供电要求而降频。</translation>
    </message>
    <message>
        <source>{count} bars of RAM, at {speed} MT/s.</source>
        <translation>{count} 条内存，{speed} MT/s。</translation>
    </message>
    <message>
        <source>{failed} of the last {ended} answers failed.</source>
        <translation>最近 {ended} 次回答中有 {failed} 次失败。</translation>
    </message>
    <message>
        <source>{free:memory} are free on the models&apos; disk.</source>
        <translation>模型所在磁盘有 {free:memory} 可用。</translation>
    </message>
    <message>
        <source>{free:memory} of {total:memory} of RAM are free; {swap:memory} of swap.</source>
        <translation>内存空闲 {free:memory}，共 {total:memory}；交换空间 {swap:memory}。</translation>
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
        <source>{library}, built for CUDA {cuda}.</source>
        <translation>{library}，为 CUDA {cuda} 编译。</translation>
    </message>
    <message>
        <source>{library}, built for the processor.</source>
        <translation>{library}，为处理器编译。</translation>
    </message>
    <message>
        <source>{mine:rate} tok/s instead of {its:rate} by layer; it loads in {load:.0f} s instead of {its_load:.0f} s</source>
        <translation>{mine:rate} tok/s，按层则为 {its:rate}；加载需 {load:.0f} 秒，按层则为 {its_load:.0f} 秒</translation>
    </message>
    <message>
        <source>{names:names} hold {size:memory} of RAM.</source>
        <translation>{names:names} 占用 {size:memory} 内存。</translation>
    </message>
    <message>
        <source>{names:names} run, and hold little RAM.</source>
        <translation>{names:names} 正在运行，占用内存很少。</translation>
    </message>
    <message>
        <source>{name} computes rightly.</source>
        <translation>{name} 计算正确。</translation>
    </message>
    <message>
        <source>{name} computes rightly: {speed:,.0f} GFLOPS.</source>
        <translation>{name} 计算正确：{speed:,.0f} GFLOPS。</translation>
    </message>
    <message>
        <source>{name} computes wrongly: {error:.0%} off the known answer.</source>
        <translation>{name} 计算错误：与已知答案相差 {error:.0%}。</translation>
    </message>
    <message>
        <source>{name} could not be tried: {why}.</source>
        <translation>无法测试 {name}：{why}。</translation>
    </message>
    <message>
        <source>{name} took llama.cpp down, or hung, as it computed.</source>
        <translation>{name} 计算时使 llama.cpp 崩溃或卡住。</translation>
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
        <translation>{streams} 路并行各有 {own:,} 个 token 的缓存：一起跑更快。</translation>
    </message>
    <message>
        <source>{system}; Fullbore&apos;s own {python}.</source>
        <translation>{system}；Fullbore 自带的 {python}。</translation>
    </message>
    <message>
        <source>{system}; {python}.</source>
        <translation>{system}；{python}。</translation>
    </message>
    <message>
        <source>{then} instead of {now} layers on the cards</source>
        <translation>显卡上的层由 {now} 减为 {then}</translation>
    </message>
    <message>
        <source>{used:memory} of RAM were moved to the disk.</source>
        <translation>有 {used:memory} 内存被移到磁盘。</translation>
    </message>
    <message>
        <source>{what}: decodes {its:rate} tok/s, where the chosen plan does {mine:rate}.</source>
        <translation>{what}：生成速度 {its:rate} tok/s，所选方案为 {mine:rate}。</translation>
    </message>
    <message>
        <source>Fullbore&apos;s library has all that the card needs.</source>
        <translation>Fullbore 的库已具备显卡所需的一切。</translation>
    </message>
    <message>
        <source>Install the GPU pack: one click in the settings, below This machine.</source>
        <translation>请安装 GPU 包：在设置的“本机”下点击一次即可。</translation>
    </message>
    <message>
        <source>Models run many times faster on {cards:names}, with CUDA 12.</source>
        <translation>使用 CUDA 12，模型在 {cards:names} 上快很多倍。</translation>
    </message>
    <message>
        <source>Models run many times faster on {cards:names}.</source>
        <translation>模型在 {cards:names} 上快很多倍。</translation>
    </message>
    <message>
        <source>Models run on the processor. An NVIDIA card of the RTX series would serve.</source>
        <translation>模型在处理器上运行。可以使用 NVIDIA RTX 系列显卡。</translation>
    </message>
    <message>
        <source>Models use the card.</source>
        <translation>模型正在使用显卡。</translation>
    </message>
    <message>
        <source>NVIDIA&apos;s driver {driver} is too old: at least {least} is needed.</source>
        <translation>NVIDIA 驱动 {driver} 太旧：至少需要 {least}。</translation>
    </message>
    <message>
        <source>No card is seen just now.</source>
        <translation>目前未检测到显卡。</translation>
    </message>
    <message>
        <source>No pack is made for this system.</source>
        <translation>没有适用于此系统的 GPU 包。</translation>
    </message>
    <message>
        <source>The GPU pack is left out, and models run on the processor: {why}.</source>
        <translation>未使用 GPU 包，模型在处理器上运行：{why}。</translation>
    </message>
    <message>
        <source>There is no NVIDIA card: models run on the processor.</source>
        <translation>没有 NVIDIA 显卡：模型在处理器上运行。</translation>
    </message>
    <message>
        <source>Update NVIDIA&apos;s driver, to 580 or later if there is one for the card.</source>
        <translation>请更新 NVIDIA 驱动；若该显卡有 580 或更高版本，请使用它。</translation>
    </message>
    <message>
        <source>Update NVIDIA&apos;s driver; if that does not help, install the GPU pack again.</source>
        <translation>请更新 NVIDIA 驱动；若无效，请重新安装 GPU 包。</translation>
    </message>
    <message>
        <source>{card} is too old for every CUDA that llama.cpp is built with.</source>
        <translation>{card} 太旧，llama.cpp 所用的任何 CUDA 都不支持。</translation>
    </message>
    <message>
        <source>Models run on {cards:names} through Vulkan. How busy it is, the monitor cannot tell.</source>
        <translation>模型通过 Vulkan 在 {cards:names} 上运行。监控无法得知它有多忙。</translation>
    </message>
    <message>
        <source>There is no NVIDIA driver, and no card that would need it.</source>
        <translation>没有 NVIDIA 驱动，也没有需要它的显卡。</translation>
    </message>
    <message>
        <source>{host} is ModelScope: a second source. It answered in {took} ms.</source>
        <translation>{host} 是 ModelScope，可作第二来源；{took} 毫秒内作出了回应。</translation>
    </message>
    <message>
        <source>{host} speaks the Hub&apos;s API; it answered in {took} ms.</source>
        <translation>{host} 使用与 Hub 相同的接口；{took} 毫秒内作出了回应。</translation>
    </message>
    <message>
        <source>{library}, with {cards:names} by a plugin. How busy they are is not measured.</source>
        <translation>{library}，{cards:names} 由插件驱动，不测量其繁忙程度。</translation>
    </message>
    <message>
        <source>Speeds are a guess: no data sheet of {cards:names} is at hand. Calibrate, to have them measured.</source>
        <translation>速度只是猜测：没有 {cards:names} 的规格数据。请校准，以实际测量。</translation>
    </message>
    <message>
        <source>Connect its disk and start Fullbore again; until then its own folder is used.</source>
        <translation>请连接其所在磁盘并重新启动 Fullbore；在此之前使用 Fullbore 自己的文件夹。</translation>
    </message>
    <message>
        <source>The folder chosen for downloads is not there: {names:names}.</source>
        <translation>所选的下载文件夹不存在：{names:names}。</translation>
    </message>
    <message>
        <source>Install Fullbore again; undo overclocking; if it stays, report it with this text.</source>
        <translation>请重新安装 Fullbore，并取消超频；如果问题仍在，请附上此文本反馈。</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Search chats</source>
        <translation>搜索对话</translation>
    </message>
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
    <name>SearchResults</name>
    <message>
        <source>What was found</source>
        <translation>搜索结果</translation>
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
    <message>
        <source>Keys, requests and more</source>
        <translation>密钥、请求等</translation>
    </message>
</context>
<context>
    <name>ServerScreen</name>
    <message>
        <source>Connect</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Options</source>
        <translation>选项</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务</translation>
    </message>
</context>
<context>
    <name>ServerSection</name>
    <message>
        <source>A PEM file. With it and its key the port speaks HTTPS.</source>
        <translation>PEM 文件。有了它和私钥，端口就使用 HTTPS。</translation>
    </message>
    <message>
        <source>A model that was loaded for a program goes when nobody asked it for so long; 0 keeps it.</source>
        <translation>为程序加载的模型，这么久无人使用就卸载；0 表示保留。</translation>
    </message>
    <message>
        <source>Answers at once</source>
        <translation>同时回答数</translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation>证书</translation>
    </message>
    <message>
        <source>Certificate&apos;s key</source>
        <translation>证书的私钥</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt *.cer *.key);;All files (*)</source>
        <translation>证书 (*.pem *.crt *.cer *.key);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Fetch pictures from the web</source>
        <translation>从网络获取图片</translation>
    </message>
    <message>
        <source>How many a model gives side by side at most. From next start.</source>
        <translation>一个模型最多同时给出多少个回答。下次启动起生效。</translation>
    </message>
    <message>
        <source>How many may wait for one model; more are told to come later.</source>
        <translation>每个模型最多有多少请求等待；更多的会被告知稍后再来。</translation>
    </message>
    <message>
        <source>How many stay loaded, where the memory has room for them.</source>
        <translation>内存有余地时，最多保持加载多少个模型。</translation>
    </message>
    <message>
        <source>Idle models go after</source>
        <translation>空闲模型卸载时间</translation>
    </message>
    <message>
        <source>Its number. An open port moves there at once.</source>
        <translation>端口号。已打开的端口会立即改用它。</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Largest request</source>
        <translation>最大请求</translation>
    </message>
    <message>
        <source>Local server</source>
        <translation>本地服务</translation>
    </message>
    <message>
        <source>Look into requests</source>
        <translation>查看请求内容</translation>
    </message>
    <message>
        <source>Models at once</source>
        <translation>同时加载的模型数</translation>
    </message>
    <message>
        <source>Never unloaded for another model&apos;s sake; one a line.</source>
        <translation>不为其他模型而卸载；每行一个。</translation>
    </message>
    <message>
        <source>One key for all, beside those of the Server screen; empty: none. It stands in the settings&apos; file as it is.</source>
        <translation>供所有程序使用的一个密钥，与“服务”页面中的密钥并存；留空表示没有。它原样保存在设置文件中。</translation>
    </message>
    <message>
        <source>Open the local port at the start</source>
        <translation>启动时打开本地端口</translation>
    </message>
    <message>
        <source>Other computers are let in with a key alone.</source>
        <translation>其他电脑必须凭密钥才能进入。</translation>
    </message>
    <message>
        <source>Other names of models</source>
        <translation>模型的别名</translation>
    </message>
    <message>
        <source>Other programs can then ask your models as they would ask OpenAI&apos;s.</source>
        <translation>其他程序即可像使用 OpenAI 那样使用您的模型。</translation>
    </message>
    <message>
        <source>Pages in a browser are refused, but for these origins, one a line; * lets every page ask.</source>
        <translation>浏览器中的网页会被拒绝，除非来自这些来源（每行一个）；* 允许所有网页。</translation>
    </message>
    <message>
        <source>Pinned models</source>
        <translation>固定的模型</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>Programs may ask by these names: “name = model”, one a line.</source>
        <translation>程序可以用这些名称请求：“名称 = 模型”，每行一个。</translation>
    </message>
    <message>
        <source>Prompts and answers go into a file of the logs folder, where others may read them.</source>
        <translation>提示和回答会写入日志文件夹中的文件，他人可能读到。</translation>
    </message>
    <message>
        <source>Requests that wait</source>
        <translation>等待的请求数</translation>
    </message>
    <message>
        <source>The PEM file with the certificate&apos;s private key.</source>
        <translation>含证书私钥的 PEM 文件。</translation>
    </message>
    <message>
        <source>The Server screen shows the last requests with their words. They are kept in memory alone.</source>
        <translation>“服务”页面显示最近的请求及其内容，它们只保存在内存中。</translation>
    </message>
    <message>
        <source>Web pages that may ask</source>
        <translation>允许的网页</translation>
    </message>
    <message>
        <source>Where a program names a picture by its address. Addresses of your own network are never asked.</source>
        <translation>当程序以网址给出图片时。绝不访问您自己网络中的地址。</translation>
    </message>
    <message>
        <source>Who reaches the port</source>
        <translation>谁能连接端口</translation>
    </message>
    <message>
        <source>With its pictures; larger ones are refused.</source>
        <translation>包含图片；更大的请求会被拒绝。</translation>
    </message>
    <message>
        <source>Write the words to disk</source>
        <translation>把内容写入磁盘</translation>
    </message>
</context>
<context>
    <name>ServerWords</name>
    <message>
        <source>Ask models: chats, texts, vectors</source>
        <translation>使用模型：对话、文本、向量</translation>
    </message>
    <message>
        <source>Load, unload and download models</source>
        <translation>加载、卸载和下载模型</translation>
    </message>
    <message>
        <source>Read the metrics</source>
        <translation>读取指标</translation>
    </message>
    <message>
        <source>answers</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>loading</source>
        <translation>加载中</translation>
    </message>
    <message>
        <source>metrics</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从未</translation>
    </message>
    <message>
        <source>no limits</source>
        <translation>无限制</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>正在停止</translation>
    </message>
    <message>
        <source>{0} a minute</source>
        <translation>每分钟 {0} 次</translation>
    </message>
    <message>
        <source>{0} at once</source>
        <translation>同时 {0} 个</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Search the settings</source>
        <translation>搜索设置</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>分类</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>没有找到</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>About, updates, licences</source>
        <translation>关于、更新、许可</translation>
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
        <source>1 model</source>
        <translation>1 个模型</translation>
    </message>
    <message>
        <source>{0} models</source>
        <translation>{0} 个模型</translation>
    </message>
    <message>
        <source>{0} free of {1}</source>
        <translation>可用 {0}，共 {1}</translation>
    </message>
    <message>
        <source>Disk: {0}</source>
        <translation>磁盘：{0}</translation>
    </message>
</context>
<context>
    <name>ShelfTable</name>
    <message>
        <source>Own folder</source>
        <translation>自有文件夹</translation>
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
        <source>{0} days ago</source>
        <translation>{0} 天前</translation>
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
        <source>Same bytes as {0}</source>
        <translation>与 {0} 的字节相同</translation>
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
        <source>Waiting to be verified</source>
        <translation>等待校验</translation>
    </message>
    <message>
        <source>Verifying, {0} %</source>
        <translation>正在校验，{0} %</translation>
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
    <name>ShortcutsDialog</name>
    <message>
        <source>Shortcuts</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Search the shortcuts</source>
        <translation>搜索快捷键</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
</context>
<context>
    <name>ShownChat</name>
    <message>
        <source>Question deleted, with what followed.</source>
        <translation>已删除问题及其后的内容。</translation>
    </message>
    <message>
        <source>Answer deleted, with what followed.</source>
        <translation>已删除回答及其后的内容。</translation>
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
    <message>
        <source>Monitor</source>
        <translation>监控</translation>
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
        <source>Server</source>
        <translation>服务</translation>
    </message>
</context>
<context>
    <name>SieveBar</name>
    <message>
        <source>Order</source>
        <translation>排序</translation>
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
        <source>up to {0}B</source>
        <translation>不超过 {0}B</translation>
    </message>
    <message>
        <source>over {0}B</source>
        <translation>超过 {0}B</translation>
    </message>
</context>
<context>
    <name>SnippetsDialog</name>
    <message>
        <source>Prompts</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>New prompt</source>
        <translation>新提示词</translation>
    </message>
    <message>
        <source>A word, such as: review</source>
        <translation>一个词，例如：审阅</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>The text that is written for you</source>
        <translation>要替您写入的文字</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Type a slash and a prompt&apos;s name in an empty line, and it is written.</source>
        <translation>在空行输入斜杠和提示词名称，即可写入。</translation>
    </message>
    <message>
        <source>Delete prompt</source>
        <translation>删除提示词</translation>
    </message>
    <message>
        <source>Delete “{0}” for good?</source>
        <translation>永久删除“{0}”？</translation>
    </message>
</context>
<context>
    <name>SnippetsPopup</name>
    <message>
        <source>Prompts</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Enter or Tab inserts · Esc closes</source>
        <translation>Enter 或 Tab 插入 · Esc 关闭</translation>
    </message>
</context>
<context>
    <name>SnippetsPresenter</name>
    <message>
        <source>A prompt needs a name and a text.</source>
        <translation>提示词需要名称和内容。</translation>
    </message>
    <message>
        <source>Another prompt is called “{0}” already.</source>
        <translation>已有名为“{0}”的提示词。</translation>
    </message>
</context>
<context>
    <name>StartupSection</name>
    <message>
        <source>Closing the window leaves models and the local port running; an icon in the tray shows how full the fullest card is, brings the window back, and quits.</source>
        <translation>关闭窗口后，模型和本地端口继续运行；托盘图标显示最满的显卡的占用，可恢复窗口，也可退出。</translation>
    </message>
    <message>
        <source>Fullbore cannot arrange this from where it runs; the system&apos;s settings can.</source>
        <translation>Fullbore 在当前运行方式下无法设置此项；请在系统设置中进行。</translation>
    </message>
    <message>
        <source>Fullbore starts when you log in, without its window, and opens the local port if that is on. Without the tray, start it again to see the window.</source>
        <translation>登录时 Fullbore 会无窗口启动，并在启用时打开本地端口。没有托盘时，再次启动即可看到窗口。</translation>
    </message>
    <message>
        <source>Go on in the tray</source>
        <translation>在托盘中继续运行</translation>
    </message>
    <message>
        <source>Start with the session</source>
        <translation>登录时启动</translation>
    </message>
    <message>
        <source>Starting and closing</source>
        <translation>启动与关闭</translation>
    </message>
    <message>
        <source>This desktop has no tray, so closing the window ends Fullbore. On GNOME, the extension AppIndicator adds one.</source>
        <translation>此桌面没有托盘，关闭窗口即结束 Fullbore。在 GNOME 上可用 AppIndicator 扩展添加托盘。</translation>
    </message>
</context>
<context>
    <name>StatusCard</name>
    <message>
        <source>Address: {0}</source>
        <translation>地址：{0}</translation>
    </message>
    <message>
        <source>Copied: {0}</source>
        <translation>已复制：{0}</translation>
    </message>
    <message>
        <source>Copy {0}</source>
        <translation>复制 {0}</translation>
    </message>
    <message>
        <source>Let other programs use your models</source>
        <translation>允许其他程序使用您的模型</translation>
    </message>
    <message>
        <source>Local server</source>
        <translation>本地服务</translation>
    </message>
    <message>
        <source>Off: no other program reaches your models.</source>
        <translation>已关闭：其他程序无法使用您的模型。</translation>
    </message>
    <message>
        <source>Speaks OpenAI&apos;s language below /v1, Anthropic&apos;s at /v1/messages and Ollama&apos;s below /api.</source>
        <translation>/v1 下使用 OpenAI 的接口，/v1/messages 使用 Anthropic 的接口，/api 下使用 Ollama 的接口。</translation>
    </message>
    <message>
        <source>The network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>This computer only</source>
        <translation>仅本机</translation>
    </message>
    <message>
        <source>Who may connect</source>
        <translation>谁可以连接</translation>
    </message>
</context>
<context>
    <name>Title</name>
    <message>
        <source>Title of the chat</source>
        <translation>对话标题</translation>
    </message>
    <message>
        <source>A double click renames the chat</source>
        <translation>双击可重命名对话</translation>
    </message>
</context>
<context>
    <name>Transcript</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy without marks</source>
        <translation>复制为纯文本</translation>
    </message>
    <message>
        <source>Copy link</source>
        <translation>复制链接</translation>
    </message>
    <message>
        <source>Copy formula (LaTeX)</source>
        <translation>复制公式（LaTeX）</translation>
    </message>
    <message>
        <source>Copy message</source>
        <translation>复制消息</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>对话内容</translation>
    </message>
    <message>
        <source>You</source>
        <translation>您</translation>
    </message>
    <message>
        <source>Tool</source>
        <translation>工具</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>version {0} of {1}</source>
        <translation>第 {0} 版，共 {1} 版</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Show Fullbore</source>
        <translation>显示 Fullbore</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Close the local port</source>
        <translation>关闭本地端口</translation>
    </message>
    <message>
        <source>Open the local port</source>
        <translation>打开本地端口</translation>
    </message>
    <message>
        <source>Copy {0}</source>
        <translation>复制 {0}</translation>
    </message>
    <message>
        <source>Unload</source>
        <translation>卸载</translation>
    </message>
</context>
<context>
    <name>UndoStrip</name>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>UpdateCard</name>
    <message>
        <source>Check now</source>
        <translation>立即检查</translation>
    </message>
    <message>
        <source>Checking …</source>
        <translation>正在检查…</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Fullbore {0} is there, of {1}.</source>
        <translation>Fullbore {0} 已发布（{1}）。</translation>
    </message>
    <message>
        <source>It lies in {0}; its hash is right. Close Fullbore before you install it.</source>
        <translation>它在 {0} 中，哈希正确。安装前请关闭 Fullbore。</translation>
    </message>
    <message>
        <source>Look for a newer version once a day</source>
        <translation>每天检查一次新版本</translation>
    </message>
    <message>
        <source>Only a signed list of releases is fetched; nothing about you or this computer is sent. Nothing is downloaded or installed by itself.</source>
        <translation>只获取经过签名的发布列表；不发送任何关于您或本机的信息。不会自动下载或安装任何内容。</translation>
    </message>
    <message>
        <source>Open its page</source>
        <translation>打开其页面</translation>
    </message>
    <message>
        <source>Progress of the download</source>
        <translation>下载进度</translation>
    </message>
    <message>
        <source>Show the file</source>
        <translation>显示文件</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>{0} to download.</source>
        <translation>需下载 {0}。</translation>
    </message>
</context>
<context>
    <name>UpdateStrip</name>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Fullbore {0} is there.</source>
        <translation>Fullbore {0} 已发布。</translation>
    </message>
    <message>
        <source>What&apos;s new</source>
        <translation>新内容</translation>
    </message>
    <message>
        <source>This is Fullbore {0} now.</source>
        <translation>现在是 Fullbore {0}。</translation>
    </message>
</context>
<context>
    <name>UpdatesPresenter</name>
    <message>
        <source>This is the newest version.</source>
        <translation>已是最新版本。</translation>
    </message>
</context>
<context>
    <name>UpdatesSection</name>
    <message>
        <source>Address of the releases</source>
        <translation>发布地址</translation>
    </message>
    <message>
        <source>Empty: Fullbore&apos;s own. A mirror may be named: the list is signed.</source>
        <translation>留空：使用 Fullbore 自己的地址。可填写镜像：列表经过签名。</translation>
    </message>
    <message>
        <source>Fetches a signed list of releases; nothing about you or this computer is sent.</source>
        <translation>获取经过签名的发布列表；不发送任何关于您或本机的信息。</translation>
    </message>
    <message>
        <source>Look for a newer version once a day</source>
        <translation>每天检查一次新版本</translation>
    </message>
    <message>
        <source>Updates</source>
        <translation>更新</translation>
    </message>
</context>
<context>
    <name>VerbsBar</name>
    <message>
        <source>Chat</source>
        <translation>聊天</translation>
    </message>
    <message>
        <source>Placement…</source>
        <translation>布局…</translation>
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
        <source>Move to the bin</source>
        <translation>移到回收站</translation>
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
        <source>Another program, or you, put these files there and may still use them.</source>
        <translation>这些文件是其他程序或您自己放在那里的，可能仍在使用。</translation>
    </message>
    <message>
        <source>Delete them all the same</source>
        <translation>仍然删除</translation>
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
        <source>A loaded model cannot be deleted: unload it first.</source>
        <translation>已加载的模型不能删除：请先卸载。</translation>
    </message>
    <message>
        <source>The model lies in {0}</source>
        <translation>模型位于 {0}</translation>
    </message>
</context>
<context>
    <name>Whom</name>
    <message>
        <source>The model is loading; your message is answered when it is ready.</source>
        <translation>模型正在加载，就绪后会回答您的消息。</translation>
    </message>
    <message>
        <source>Choose a model; your message is answered when it is loaded.</source>
        <translation>请选择模型，加载完成后会回答您的消息。</translation>
    </message>
    <message>
        <source>processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>{0} cards</source>
        <translation>{0} 块显卡</translation>
    </message>
    <message>
        <source>{0}, {1} context</source>
        <translation>{0}，上下文 {1}</translation>
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
    <name>_ChangeRow</name>
    <message>
        <source>would not fit either</source>
        <translation>也放不下</translation>
    </message>
</context>
<context>
    <name>alerts</name>
    <message>
        <source>Card nearly full</source>
        <translation>显卡将满</translation>
    </message>
    <message>
        <source>Card out of room</source>
        <translation>显存不足</translation>
    </message>
    <message>
        <source>Card is hot</source>
        <translation>显卡过热</translation>
    </message>
    <message>
        <source>Card slows itself down</source>
        <translation>显卡降频</translation>
    </message>
    <message>
        <source>Held back by the power limit</source>
        <translation>受功耗上限限制</translation>
    </message>
    <message>
        <source>Slow PCIe link</source>
        <translation>PCIe 链路慢</translation>
    </message>
    <message>
        <source>Card memory in RAM</source>
        <translation>显存溢出到内存</translation>
    </message>
    <message>
        <source>RAM is swapped out</source>
        <translation>内存被换出</translation>
    </message>
    <message>
        <source>Slower than foretold</source>
        <translation>慢于预测</translation>
    </message>
    <message>
        <source>Answers fail</source>
        <translation>回答失败</translation>
    </message>
    <message>
        <source>Runs on the processor</source>
        <translation>在处理器上运行</translation>
    </message>
    <message>
        <source>since {0}</source>
        <translation>自 {0} 起</translation>
    </message>
    <message>
        <source>{0} · for {1}</source>
        <translation>{0} · 持续 {1}</translation>
    </message>
</context>
<context>
    <name>chat_page</name>
    <message>
        <source>System prompt</source>
        <translation>系统提示词</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>You</source>
        <translation>您</translation>
    </message>
    <message>
        <source>Tool</source>
        <translation>工具</translation>
    </message>
    <message>
        <source>Assistant</source>
        <translation>助手</translation>
    </message>
</context>
<context>
    <name>chats</name>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>This week</source>
        <translation>本周</translation>
    </message>
    <message>
        <source>This month</source>
        <translation>本月</translation>
    </message>
    <message>
        <source>Older</source>
        <translation>更早</translation>
    </message>
    <message>
        <source>Folder {0}, chats: {1}</source>
        <translation>文件夹 {0}，{1} 个对话</translation>
    </message>
    <message>
        <source>{0}, pinned</source>
        <translation>{0}，已置顶</translation>
    </message>
</context>
<context>
    <name>discover</name>
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
    <message>
        <source>{0} parameters</source>
        <translation>{0} 参数</translation>
    </message>
    <message>
        <source>{0}, {1} active</source>
        <translation>{0}，激活 {1}</translation>
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
        <source>Our advice</source>
        <translation>推荐</translation>
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
        <source>with {0}</source>
        <translation>若{0}</translation>
    </message>
    <message>
        <source>{0} cards</source>
        <translation>{0} 块显卡</translation>
    </message>
    <message>
        <source>{0} in {1} files</source>
        <translation>{0}，共 {1} 个文件</translation>
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
        <source>poor</source>
        <translation>较差</translation>
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
        <source>Source: {0}</source>
        <translation>来源：{0}</translation>
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
        <source>{0} at {1}; quality: {2}; {3}.</source>
        <translation>{0}，{1}；质量：{2}；{3}。</translation>
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
</context>
<context>
    <name>guide</name>
    <message>
        <source>Best for this computer</source>
        <translation>最适合本机</translation>
    </message>
    <message>
        <source>Big, and slower</source>
        <translation>更大，也更慢</translation>
    </message>
    <message>
        <source>Fits the cards</source>
        <translation>显卡放得下</translation>
    </message>
    <message>
        <source>How much room the disk has is not known</source>
        <translation>磁盘剩余空间未知</translation>
    </message>
    <message>
        <source>NVIDIA driver {0}</source>
        <translation>NVIDIA 驱动 {0}</translation>
    </message>
    <message>
        <source>NVIDIA driver {0}, CUDA up to {1}</source>
        <translation>NVIDIA 驱动 {0}，最高支持 CUDA {1}</translation>
    </message>
    <message>
        <source>Runs with RAM</source>
        <translation>需借助内存</translation>
    </message>
    <message>
        <source>Small and quick</source>
        <translation>小而快</translation>
    </message>
    <message>
        <source>about {0}</source>
        <translation>约 {0}</translation>
    </message>
    <message>
        <source>up to {0} tok/s (estimate)</source>
        <translation>最高 {0} tok/s（估算）</translation>
    </message>
    <message>
        <source>{0} cores</source>
        <translation>{0} 个核心</translation>
    </message>
    <message>
        <source>{0} free for models</source>
        <translation>可用于模型的空间 {0}</translation>
    </message>
    <message>
        <source>{0} of RAM</source>
        <translation>{0} 内存</translation>
    </message>
    <message>
        <source>{0} of the cards&apos; memory</source>
        <translation>占显存 {0}</translation>
    </message>
</context>
<context>
    <name>monitor</name>
    <message>
        <source>{0} °C</source>
        <translation>{0} °C</translation>
    </message>
    <message>
        <source>{0} GB</source>
        <translation>{0} GB</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>KV in use</source>
        <translation>已用 KV</translation>
    </message>
    <message>
        <source>KV reserved</source>
        <translation>预留 KV</translation>
    </message>
    <message>
        <source>Compute</source>
        <translation>计算</translation>
    </message>
    <message>
        <source>Projector</source>
        <translation>投影器</translation>
    </message>
    <message>
        <source>Draft model</source>
        <translation>草稿模型</translation>
    </message>
    <message>
        <source>CUDA and driver</source>
        <translation>CUDA 与驱动</translation>
    </message>
    <message>
        <source>Other programs</source>
        <translation>其他程序</translation>
    </message>
    <message>
        <source>Unexplained</source>
        <translation>来源不明</translation>
    </message>
    <message>
        <source>KV</source>
        <translation>KV</translation>
    </message>
    <message>
        <source>driver</source>
        <translation>驱动</translation>
    </message>
    <message>
        <source>other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>One more chat: +{0}</source>
        <translation>再开一个对话：+{0}</translation>
    </message>
    <message>
        <source>Twice the context: +{0}</source>
        <translation>上下文加倍：+{0}</translation>
    </message>
    <message>
        <source>slowed by its power limit</source>
        <translation>因功耗上限降频</translation>
    </message>
    <message>
        <source>slowed by heat</source>
        <translation>因过热降频</translation>
    </message>
    <message>
        <source>slowed by the board</source>
        <translation>因主板限制降频</translation>
    </message>
    <message>
        <source>slowed to stay in step with others</source>
        <translation>为与其他显卡同步而降频</translation>
    </message>
    <message>
        <source>planned {0}</source>
        <translation>计划 {0}</translation>
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
        <source>Reserve</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Others</source>
        <translation>其他</translation>
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
    <name>said</name>
    <message>
        <source>{0} reused</source>
        <translation>复用 {0}</translation>
    </message>
    <message>
        <source>{0} tokens read</source>
        <translation>读取 {0} 个 token</translation>
    </message>
    <message>
        <source>cut at the limit</source>
        <translation>因达到上限而截断</translation>
    </message>
    <message>
        <source>ended at a stop word</source>
        <translation>遇停止词结束</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
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
</TS>
