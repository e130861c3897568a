# Japanese: see en.ftl.

## Around each page

title = APIキー
skip = コンテンツへ移動
menu = メニュー
language = 言語
choose = 選択
sign-in = ログイン
sign-out = ログアウト
your-key = ご自身のAPIキー
your-code = コマンドラインに表示されたコード
viewer = 閲覧のみ
viewer-help = これらのページの閲覧のみが可能です。変更はできません。
read-only = これらのキーは別の場所で変更されます。ここでは閲覧のみ可能です。
sign-in-refused = このキーは無効です。
sign-in-not-an-operator = このキーではこれらのページを閲覧できません。
sign-in-unavailable = 現在、キーを確認できません。しばらくしてからもう一度お試しください。
sign-in-code-refused = このコードは無効か、すでに使用されています。コマンドをもう一度実行してください。
sign-in-too-many = お使いのアドレスから送られたキーが何度も拒否されました。1分後にもう一度お試しください。

## Lists

keys = キー
expiring-soon = まもなく期限切れ
groups = グループ
users = ユーザー
trail = 監査ログ
routes = ルート
search = 検索
search-help = 1～2 文字は名前またはキーの一部の先頭と一致する必要があります。3 文字以上はどの位置でも一致します。
any = すべて
show = 表示
next-page = 次のページ
order = 並び順
by-name = 名前順
by-use = 未使用期間の長い順
expiring = 有効期限
unused = 未使用の期間
within-days = { $value } 日以内
no-keys = 該当するキーはありません。
list-goes-on = 一覧が長いため、該当するキーが次のページにもある可能性があります。
uses-not-recorded = 使用の記録期間が足りないため、この期間に使用されていないキーはわかりません。より短い期間を選ぶか、後でもう一度確認してください。
uses-recorded-since = 使用の記録開始：
no-groups = グループはありません。
no-users = ユーザーはいません。
no-events = 該当するイベントはありません。
no-trail = このストアは監査ログを記録していません。
no-routes = このプログラムはここにルートを表示していません。
keys-many = キー 1,000 個超
keys-count = キー { $value } 個

## Keys

key = キー
name = 名前
user = ユーザー
group = グループ
state = 状態
active = 有効
archived = アーカイブ済み
expired = 期限切れ
user-active = 有効
user-archived = アーカイブ済み
hint = キーの一部
networks = ネットワーク
any-network = すべてのネットワーク
expires = 有効期限
never = 無期限
never-expires = このキーに有効期限はありません。
last-used = 最終使用日時
not-used = 記録なし
created = 作成日時
technical-name = 技術名
metadata = メタデータ
damage = 破損

## One key

new-key = 新しいキー
create = キーを作成
name-help = キーの持ち主を表す名前（例：「webshop」）。同じ名前のキーは作成できません。
user-help = このキーが代理するユーザー。プログラムでの呼び名を入力してください。
groups-help = コードをカンマ区切りで入力します。キーで呼び出せるルートが決まります。
routes-ask-for = ルートが要求するグループ：
networks-help = キーの使用を許可するアドレスまたはネットワークをカンマ区切りで入力します。空欄の場合はすべて許可します。
expiry-help = キーを使用できる最後の日。空欄の場合は無期限です。
more = 詳細
prefix = プレフィックス
prefix-help = テキストの先頭部分です。空欄の場合は「key」です。
technical-name-help = 設定ファイル内でのキーのセクション名です。空欄の場合はありません。
metadata-help = プログラムがキーについて必要とする情報です。JSON オブジェクトで入力します。秘密の情報は入れないでください。
given-text = プログラムがすでに使っているテキスト
given-text-help = 空欄の場合は新しいテキストが発行されます。
in-days = { $value } 日後
on-day = 日付を指定
day = 日付
created-key = キー「{ $value }」を作成しました
rotated = キー「{ $value }」の値を新しくしました
still-refused = このキーによるリクエストは引き続き拒否されます：
shown-once = 今すぐ値をコピーしてください。再表示はできません。
new-text = キーの値
copy = コピー
copied = コピーしました
to-key = キーの詳細へ
edit = 編集
save = 保存
rotate = ローテーション
rotate-help = キーの値が新しくなります。プログラムを切り替えられるよう、以前の値もしばらくの間使用できます。値が他人に知られた場合は、期間なしを選んでください。
overlap = 以前の値の有効期間
overlap-none = なし
hours = { $value } 時間
days = { $value } 日間
archive = アーカイブ
archive-help = このキーによるリクエストは直ちに拒否されます。後で再有効化できます。
unarchive = 再有効化
unarchive-help = このキーによるリクエストが再び許可されます。
delete = 削除
delete-help = キーは完全に削除されます。監査ログは残ります。
type-name = キーの名前を入力
type-code = グループを削除するには「{ $value }」と入力
confirm = ご自身のキー
confirm-help = これらのページを閲覧できるグループがキーにある場合、または付与する場合にのみ必要です。
done-created = キーを作成しました。
done-updated = キーを変更しました。
done-archived = キーをアーカイブしました。このキーによるリクエストは拒否されます。
done-unarchived = キーを再有効化しました。このキーによるリクエストは許可されます。
done-deleted = キーを削除しました。
archive-keys = この { $value } 個のキーをアーカイブ
archive-keys-help = これらのキーによるリクエストは直ちに拒否されます。その間に使用が記録されたキーと、管理ページを閲覧できるキーはアーカイブされません。キーは後で再有効化できます。
done-archived-keys = { $value ->
    [0] アーカイブしたキーはありません。
   *[other] キー { $value } 個をアーカイブしました。これらのキーによるリクエストは拒否されます。
}
not-all-archived = 一部のキーをアーカイブできませんでした。残りのキーは一覧にあります。しばらくしてからもう一度お試しください。
not-rotated = このページを開いた後に、キーの値が新しくなりました。再度のローテーションは行っていません。

## Checking a text

check-text = 値を確認
check = 確認
check-help = この値によるリクエストが許可されるか、許可されない場合はその理由を確認します。確認はキーの使用として記録されません。
check-groups-help = ルートが要求するグループをカンマ区切りで入力します。空欄の場合は要求なしとします。
caller-address = 呼び出し元のアドレス
caller-address-help = 特定のネットワークでのみ有効なキーの場合に必要です。
check-admitted = この値によるリクエストは許可されます。
check-refused = この値によるリクエストは拒否されます。
check-inside = 入力した内容の中にキーの値があります。プログラムは値だけを送信する必要があります。
check-older = キーには新しい値があります。この値の有効期限：
check-answer = 呼び出し元への応答
check-unknown = この値のキーはありません。入力ミスがないか調べ、キーの一覧の「キーの一部」と比べてください。
check-unknown-issued = この値のキーはありません。発行された値で、入力ミスはありません。キーが削除またはローテーションされたか、別のデータベースにあります。
check-archived-key = キーはアーカイブされています。
check-expired-key = キーは期限切れです。
check-rotated = キーはローテーションされ、この古い値は無効になりました。
check-archived-user = キーのユーザーはアーカイブされています。
check-unreadable-key = キーの一部が読み取れません。キーのページで確認できます。
check-forbidden-group = キーはこれらのグループのいずれにも属していません。
check-forbidden-network = このアドレスからはキーを使用できません。
check-unknown-network = キーは特定のネットワークでのみ有効です。呼び出し元のアドレスを入力してください。
check-unavailable = キーは現在変更中です。しばらくしてからもう一度お試しください。

## Groups and users

code = コード
code-help = ルートで使う名前です。同じコードのグループがある場合は、そのグループの名前が変更されます。
new-group = グループの作成・名前変更
operators = これらのページを閲覧可能
change = 変更

## Trail

when = 日時
actor = 実行者
action = 操作
of = 対象
since = 開始日
changed = 変更内容
action-created = 作成
action-updated = 変更
action-rotated = ローテーション
action-archived = アーカイブ
action-unarchived = 再有効化
action-deleted = 削除
action-group-created = グループの作成
action-group-updated = グループの変更
action-group-deleted = グループの削除
action-user-archived = ユーザーのアーカイブ
action-user-unarchived = ユーザーの再有効化
action-user-deleted = ユーザーの削除
action-truncated = テーブルの全行削除
action-pruned = 古いイベントの削除
action-sign-in-refused = ログインの拒否

## Routes

path = パス
methods = メソッド
who = 呼び出し条件
who-key = キーが必要
who-public = キーの有無は不問
who-anybody = 誰でも可
handler = ハンドラー

## What goes wrong

failed = 操作を完了できませんでした
failed-back = 何も変更されていません。戻って修正してください。
failed-no-key = このキーは存在しません。
failed-input = この入力は使用できません：
failed-store = キーのストアが応答しません。しばらくしてからもう一度お試しください。
refused-unconfirmed = ご自身のキーを入力してください。このキーには、これらのページを閲覧できるグループがあるか、付与されます。
refused-form = このフォームは無効になりました。ページを再読み込みして、もう一度入力してください。
refused-last-manager = これは、ここで変更を行える最後のキーです。先に別のキーにこのグループを付与してください。
refused-operators-group = このグループのキーはこれらのページを閲覧できるため、ここでは削除できません。
refused-other-operators = 他の管理ページを閲覧できる人に関わる変更です。そのページまたはコマンドラインで変更してください。
refused-unknown-group = グループ「{ $value }」はありません。コードを修正するか、先にグループのページで作成してください。
refused-typed-name = 入力した内容が一致しません。ページの表示どおりに正確に入力してください。
refused-expiry = キーの有効期限の日付を指定してください。
refused-past-expiry = この日付は過ぎています。後の日付を指定してください。今すぐキーを止めるには、アーカイブしてください。
refused-networks = 読み取れないネットワークがあります。192.0.2.1 または 192.0.2.0/24 の形式で入力してください。
refused-address = アドレスを読み取れません。192.0.2.1 の形式で入力してください。
refused-metadata = メタデータを読み取れません。JSON オブジェクトで入力してください。
refused-overlap = 以前の値の有効期間を選択してください。
