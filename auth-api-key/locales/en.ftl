# The texts of the pages for operators. A key is an API key; its text is the secret that a program sends. A
# group is a group of keys. To archive a key is to stop it, so that it can be unarchived later.

## Around each page

title = API keys
skip = To the content
menu = Menu
language = Language
choose = Choose
sign-in = Sign in
sign-out = Sign out
your-key = Your API key
your-code = Code from the command line
viewer = may only look
viewer-help = You may see these pages and change nothing.
read-only = These keys are changed elsewhere. The pages only show them.
sign-in-refused = This key is not valid.
sign-in-not-an-operator = This key may not see these pages.
sign-in-unavailable = Keys cannot be checked at the moment. Try again soon.
sign-in-code-refused = This code is not valid, or it was used before. Run the command again.
sign-in-too-many = Too many keys from your address were refused. Try again in a minute.

## Lists

keys = Keys
expiring-soon = Expiring soon
groups = Groups
users = Users
trail = Trail
routes = Routes
search = Search
search-help = One or two characters must be at the beginning of a name or a hint. More may be anywhere in it.
any = Any
show = Show
next-page = Next page
order = Order
by-name = By name
by-use = Longest unused first
expiring = Expires
unused = Not used for
within-days = { $value ->
    [one] within { $value } day
   *[other] within { $value } days
}
no-keys = There are no such keys.
list-goes-on = The list is long. Other such keys may be on the next page.
uses-not-recorded = It is not known which keys were not used for so long, since their uses are not recorded for so long. Choose a shorter time, or look again later.
uses-recorded-since = Uses are recorded since
no-groups = There are no groups.
no-users = There are no users.
no-events = There are no such events.
no-trail = This store keeps no trail.
no-routes = The program shows no routes here.
keys-many = more than 1,000 keys
keys-count = { $value ->
    [one] { $value } key
   *[other] { $value } keys
}

## Keys

key = Key
name = Name
user = User
group = Group
state = State
active = Active
archived = Archived
expired = Expired
user-active = Active
user-archived = Archived
hint = Hint
networks = Networks
any-network = Any network
expires = Expires
never = Never
never-expires = This key never expires.
last-used = Last used
not-used = No use recorded
created = Created
technical-name = Technical name
metadata = Metadata
damage = Cannot be read

## One key

new-key = New key
create = Create the key
name-help = Whose key it is, such as "webshop". No two keys have the same name.
user-help = The user that the key acts for, as your program calls them.
groups-help = Codes, with commas between them. They decide which routes the key may call.
routes-ask-for = Routes ask for:
networks-help = Addresses or networks that the key may come from, with commas between them. Empty is any.
expiry-help = The last day on which the key works. Empty is never.
more = More
prefix = Prefix
prefix-help = What the text begins with. Empty is "key".
technical-name-help = The section of the key in a configuration. Empty is none.
metadata-help = What your program wants to know about the key, as a JSON object. Put no secrets into it.
given-text = Text that programs use already
given-text-help = If it is empty, the key gets a new text.
in-days = { $value ->
    [one] in { $value } day
   *[other] in { $value } days
}
on-day = On a day
day = Day
created-key = The key "{ $value }" is created
rotated = The key "{ $value }" has a new text
still-refused = Requests with this key are still refused:
shown-once = Copy the text now. It is not shown again.
new-text = Text of the key
copy = Copy
copied = Copied
to-key = To the key
edit = Edit
save = Save
rotate = Rotate
rotate-help = The key gets a new text. The one before goes on working for a while, so that you can give programs the new one. If somebody else has it, choose no time.
overlap = The text before works for
overlap-none = no time
hours = { $value ->
    [one] { $value } hour
   *[other] { $value } hours
}
days = { $value ->
    [one] { $value } day
   *[other] { $value } days
}
archive = Archive
archive-help = Requests with this key are refused at once. You can unarchive it later.
unarchive = Unarchive
unarchive-help = Requests with this key are admitted again.
delete = Delete
delete-help = The key is gone for good. Its trail stays.
type-name = Type the name of the key
type-code = Type "{ $value }" to delete the group
confirm = Your own key
confirm-help = Only needed if the key has or gets a group whose keys may see these pages.
done-created = The key is created.
done-updated = The key is changed.
done-archived = The key is archived. Requests with it are refused.
done-unarchived = The key is unarchived. Requests with it are admitted.
done-deleted = The key is deleted.
archive-keys = { $value ->
    [one] Archive this key
   *[other] Archive these { $value } keys
}
archive-keys-help = Requests with these keys are refused at once. A key whose use is recorded meanwhile stays, and so does a key of an operator. You can unarchive each key later.
done-archived-keys = { $value ->
    [0] No key was archived.
    [one] { $value } key is archived. Requests with it are refused.
   *[other] { $value } keys are archived. Requests with them are refused.
}
not-all-archived = Not all of these keys could be archived. The list has those that are left. Try again soon.
not-rotated = The key got a new text after this page was opened. It was not rotated again.

## Checking a text

check-text = Check a text
check = Check
check-help = Would a request with this text be admitted, and if not, why? A check is not recorded as a use of the key.
check-groups-help = The groups that the route asks for, with commas between them. Empty is none.
caller-address = Address of the caller
caller-address-help = Needed for a key that only works in some networks.
check-admitted = A request with this text is admitted.
check-refused = A request with this text is refused.
check-inside = The text of a key is inside what you typed. A program must send it without anything around it.
check-older = The key has a newer text. This one works until
check-answer = Answer to the caller
check-unknown = No key has this text. Look for a typing error, and compare the text with the hints in the list of keys.
check-unknown-issued = No key has this text. It was issued and has no typing error: its key was deleted or rotated, or is in another database.
check-archived-key = The key is archived.
check-expired-key = The key has expired.
check-rotated = The key was rotated, and this older text works no longer.
check-archived-user = The user of the key is archived.
check-unreadable-key = A part of the key cannot be read. The page of the key says which one.
check-forbidden-group = The key is in none of these groups.
check-forbidden-network = The key does not work from this address.
check-unknown-network = The key only works in some networks. Give the address of the caller.
check-unavailable = The key is being changed at the moment. Try again soon.

## Groups and users

code = Code
code-help = The name that routes use. If there is such a group, it is renamed.
new-group = New or renamed group
operators = may see these pages
change = Change

## Trail

when = When
actor = Who
action = What
of = Key, group or user
since = Since
changed = Changes
action-created = created
action-updated = changed
action-rotated = rotated
action-archived = archived
action-unarchived = unarchived
action-deleted = deleted
action-group-created = group created
action-group-updated = group changed
action-group-deleted = group deleted
action-user-archived = user archived
action-user-unarchived = user unarchived
action-user-deleted = user deleted
action-truncated = table emptied
action-pruned = old events deleted
action-sign-in-refused = sign-ins refused

## Routes

path = Path
methods = Methods
who = Who may call
who-key = With a key
who-public = With or without a key
who-anybody = Anybody
handler = Handler

## What goes wrong

failed = That did not work
failed-back = Nothing was changed. Go back to correct it.
failed-no-key = There is no such key.
failed-input = This cannot be used:
failed-store = The key store does not answer. Try again soon.
refused-unconfirmed = Type your own key: this key has or gets a group whose keys may see these pages.
refused-form = This form is no longer valid. Load the page again, and fill it in once more.
refused-last-manager = This is the last key that may change something here. Give another key the group first.
refused-operators-group = The keys of this group may see these pages. The group cannot be deleted here.
refused-other-operators = This concerns operators of other pages. Make this change on those pages, or on the command line.
refused-unknown-group = There is no group "{ $value }". Correct the code, or make the group on the page of groups first.
refused-typed-name = What you typed does not match. Type it exactly as the page shows it.
refused-expiry = Give a day on which the key expires.
refused-past-expiry = This day is over. Give a later one. To stop the key now, archive it.
refused-networks = One of the networks cannot be read. Write it as 192.0.2.1 or 192.0.2.0/24.
refused-address = The address cannot be read. Write it as 192.0.2.1.
refused-metadata = The metadata cannot be read. Write a JSON object.
refused-overlap = Choose how long the text before works.
