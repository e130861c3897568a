# Simplified Chinese: see en.ftl.

## Around each page

title = API 密钥
skip = 跳到正文
menu = 菜单
language = 语言
choose = 选择
sign-in = 登录
sign-out = 退出登录
your-key = 您的 API 密钥
your-code = 命令行显示的代码
viewer = 只读
viewer-help = 您只能查看这些页面，不能进行任何修改。
read-only = 这些密钥在别处修改，这些页面仅供查看。
sign-in-refused = 此密钥无效。
sign-in-not-an-operator = 此密钥无权查看这些页面。
sign-in-unavailable = 目前无法验证密钥，请稍后重试。
sign-in-code-refused = 此代码无效或已被使用。请重新运行命令。
sign-in-too-many = 来自您地址的密钥被拒绝的次数过多。请一分钟后重试。

## Lists

keys = 密钥
expiring-soon = 即将过期
groups = 分组
users = 用户
trail = 审计日志
routes = 路由
search = 搜索
search-help = 一到两个字符须位于名称或密钥片段的开头，更多字符可位于任意位置。
any = 不限
show = 显示
next-page = 下一页
order = 排序
by-name = 按名称
by-use = 最久未使用的在前
expiring = 过期时间
unused = 未使用时长
within-days = { $value } 天内
no-keys = 没有符合条件的密钥。
list-goes-on = 列表很长，下一页可能还有符合条件的密钥。
uses-not-recorded = 使用记录的时间还不够长，因此无法知道哪些密钥在这么长时间内未被使用。请选择更短的时间，或稍后再看。
uses-recorded-since = 使用记录开始于：
no-groups = 没有分组。
no-users = 没有用户。
no-events = 没有符合条件的事件。
no-trail = 此存储不保留审计日志。
no-routes = 程序未在此处显示路由。
keys-many = 超过 1,000 个密钥
keys-count = { $value } 个密钥

## Keys

key = 密钥
name = 名称
user = 用户
group = 分组
state = 状态
active = 有效
archived = 已归档
expired = 已过期
user-active = 有效
user-archived = 已归档
hint = 密钥片段
networks = 网络
any-network = 不限网络
expires = 过期时间
never = 永不过期
never-expires = 此密钥永不过期。
last-used = 上次使用
not-used = 无记录
created = 创建时间
technical-name = 技术名称
metadata = 元数据
damage = 损坏

## One key

new-key = 新建密钥
create = 创建密钥
name-help = 密钥的使用方，例如“webshop”。密钥名称不能重复。
user-help = 密钥所代表的用户，请填写您的程序对该用户的称呼。
groups-help = 分组代码，以逗号分隔，决定密钥可以调用哪些路由。
routes-ask-for = 路由要求：
networks-help = 允许使用密钥的地址或网络，以逗号分隔。留空表示不限。
expiry-help = 密钥有效的最后一天。留空表示永不过期。
more = 更多
prefix = 前缀
prefix-help = 文本的开头。留空则为“key”。
technical-name-help = 密钥在配置文件中的节名。留空则没有。
metadata-help = 程序需要了解的密钥信息，须为 JSON 对象。请勿在其中写入机密信息。
given-text = 程序已在使用的文本
given-text-help = 留空则生成新文本。
in-days = { $value } 天后
on-day = 指定日期
day = 日期
created-key = 密钥“{ $value }”已创建
rotated = 密钥“{ $value }”已更换新值
still-refused = 使用此密钥的请求仍会被拒绝：
shown-once = 请立即复制密钥值，之后不会再次显示。
new-text = 密钥值
copy = 复制
copied = 已复制
to-key = 查看密钥
edit = 编辑
save = 保存
rotate = 轮换
rotate-help = 密钥将获得新值。旧值在一段时间内仍然有效，以便程序切换。如果旧值已泄露，请选择不保留。
overlap = 旧值保留时长
overlap-none = 不保留
hours = { $value } 小时
days = { $value } 天
archive = 归档
archive-help = 使用此密钥的请求将立即被拒绝。之后可以恢复此密钥。
unarchive = 恢复
unarchive-help = 使用此密钥的请求将重新被允许。
delete = 删除
delete-help = 密钥将被永久删除，其审计日志会保留。
type-name = 输入密钥名称
type-code = 输入“{ $value }”以删除分组
confirm = 您自己的密钥
confirm-help = 仅当密钥属于或将加入可查看这些页面的分组时需要填写。
done-created = 密钥已创建。
done-updated = 密钥已修改。
done-archived = 密钥已归档，使用此密钥的请求将被拒绝。
done-unarchived = 密钥已恢复，使用此密钥的请求将被允许。
done-deleted = 密钥已删除。
archive-keys = 归档这 { $value } 个密钥
archive-keys-help = 使用这些密钥的请求将立即被拒绝。期间记录到使用的密钥以及可查看管理页面的密钥不会归档。之后可以恢复每个密钥。
done-archived-keys = { $value ->
    [0] 没有密钥被归档。
   *[other] 已归档 { $value } 个密钥，使用这些密钥的请求将被拒绝。
}
not-all-archived = 部分密钥未能归档，剩余的密钥在列表中。请稍后重试。
not-rotated = 打开此页面后，密钥已更换新值。未再次轮换。

## Checking a text

check-text = 检查密钥值
check = 检查
check-help = 检查使用此值的请求是否会被允许，以及不允许的原因。检查不会记录为密钥的使用。
check-groups-help = 路由要求的分组，以逗号分隔。留空表示不要求。
caller-address = 调用方地址
caller-address-help = 仅在部分网络有效的密钥需要填写。
check-admitted = 使用此值的请求会被允许。
check-refused = 使用此值的请求会被拒绝。
check-inside = 您输入的内容中包含密钥值。程序发送时不能带有其他内容。
check-older = 密钥已有更新的值。此值有效至：
check-answer = 返回给调用方的结果
check-unknown = 没有密钥使用此值。请检查是否输入有误，并与密钥列表中的密钥片段对照。
check-unknown-issued = 没有密钥使用此值。此值是签发的，且没有输入错误：其密钥已被删除或轮换，或者在另一个数据库中。
check-archived-key = 密钥已归档。
check-expired-key = 密钥已过期。
check-rotated = 密钥已轮换，此旧值不再有效。
check-archived-user = 密钥的用户已归档。
check-unreadable-key = 密钥的一部分无法读取。密钥页面会说明是哪一部分。
check-forbidden-group = 密钥不属于这些分组。
check-forbidden-network = 密钥不能从此地址使用。
check-unknown-network = 密钥仅在部分网络有效。请填写调用方地址。
check-unavailable = 密钥正在更改，请稍后重试。

## Groups and users

code = 代码
code-help = 路由使用的名称。如果已有此分组，则会将其重命名。
new-group = 新建或重命名分组
operators = 可查看这些页面
change = 修改

## Trail

when = 时间
actor = 操作者
action = 操作
of = 对象
since = 起始日期
changed = 修改内容
action-created = 创建
action-updated = 修改
action-rotated = 轮换
action-archived = 归档
action-unarchived = 恢复
action-deleted = 删除
action-group-created = 创建分组
action-group-updated = 修改分组
action-group-deleted = 删除分组
action-user-archived = 归档用户
action-user-unarchived = 恢复用户
action-user-deleted = 删除用户
action-truncated = 清空表
action-pruned = 删除旧事件
action-sign-in-refused = 拒绝登录

## Routes

path = 路径
methods = 方法
who = 调用权限
who-key = 需要密钥
who-public = 有无密钥均可
who-anybody = 任何人
handler = 处理程序

## What goes wrong

failed = 操作未成功
failed-back = 未做任何修改。请返回更正。
failed-no-key = 此密钥不存在。
failed-input = 此内容无法使用：
failed-store = 密钥存储没有响应，请稍后重试。
refused-unconfirmed = 请输入您自己的密钥：此密钥属于或将加入可查看这些页面的分组。
refused-form = 此表单已失效。请重新加载页面并再次填写。
refused-last-manager = 这是最后一个可在此处进行修改的密钥。请先将另一个密钥加入该分组。
refused-operators-group = 此分组的密钥可查看这些页面，因此不能在此处删除此分组。
refused-other-operators = 这涉及可查看其他管理页面的人员。请在那些页面上或通过命令行进行更改。
refused-unknown-group = 分组“{ $value }”不存在。请更正代码，或先在分组页面创建该分组。
refused-typed-name = 您输入的内容不一致。请完全按照页面显示的内容输入。
refused-expiry = 请指定密钥的过期日期。
refused-past-expiry = 该日期已过。请指定更晚的日期。要立即停用密钥，请将其归档。
refused-networks = 有一个网络无法识别。请写成 192.0.2.1 或 192.0.2.0/24 的形式。
refused-address = 地址无法识别。请写成 192.0.2.1 的形式。
refused-metadata = 无法识别元数据。请写成 JSON 对象。
refused-overlap = 请选择旧值的保留时长。
