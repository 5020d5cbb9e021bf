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
    <name>DownloadCard</name>
    <message>
        <source>Cancel the download</source>
        <translation>取消下载</translation>
    </message>
    <message>
        <source>Resume the download</source>
        <translation>继续下载</translation>
    </message>
    <message>
        <source>Chat with it</source>
        <translation>开始对话</translation>
    </message>
    <message>
        <source>Here, and complete</source>
        <translation>已下载完成</translation>
    </message>
    <message>
        <source>Stopped; what has arrived is kept</source>
        <translation>已停止，已下载的部分会保留</translation>
    </message>
    <message>
        <source>Broke off; what has arrived is kept</source>
        <translation>已中断，已下载的部分会保留</translation>
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
    <name>GetModelDialog</name>
    <message>
        <source>Get a model</source>
        <translation>获取模型</translation>
    </message>
    <message>
        <source>Search, or type a repository: owner/name</source>
        <translation>搜索，或输入仓库：owner/name</translation>
    </message>
    <message>
        <source>Search for models</source>
        <translation>搜索模型</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>The Hub is being asked</source>
        <translation>正在查询 Hub</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Repositories</source>
        <translation>仓库</translation>
    </message>
    <message>
        <source>Quantizations</source>
        <translation>量化版本</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
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
    <name>HitsList</name>
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
    <name>QuantizationsList</name>
    <message>
        <source>{size} in {count} files</source>
        <translation>{size}，共 {count} 个文件</translation>
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
</TS>
