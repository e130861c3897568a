# German: see en.ftl.

## Around each page

title = API-Schlüssel
skip = Zum Inhalt
menu = Menü
language = Sprache
choose = Auswählen
sign-in = Anmelden
sign-out = Abmelden
your-key = Ihr API-Schlüssel
your-code = Code von der Befehlszeile
viewer = nur Lesezugriff
viewer-help = Sie können diese Seiten ansehen, aber nichts ändern.
read-only = Diese Schlüssel werden an anderer Stelle geändert. Diese Seiten zeigen sie nur an.
sign-in-refused = Dieser Schlüssel ist nicht gültig.
sign-in-not-an-operator = Dieser Schlüssel hat keinen Zugriff auf diese Seiten.
sign-in-unavailable = Schlüssel können zurzeit nicht geprüft werden. Versuchen Sie es in Kürze erneut.
sign-in-code-refused = Dieser Code ist nicht gültig oder wurde schon verwendet. Führen Sie den Befehl erneut aus.
sign-in-too-many = Zu viele Schlüssel von Ihrer Adresse wurden abgelehnt. Versuchen Sie es in einer Minute erneut.

## Lists

keys = Schlüssel
expiring-soon = Bald ablaufend
groups = Gruppen
users = Benutzer
trail = Protokoll
routes = Routen
search = Suche
search-help = Ein oder zwei Zeichen müssen am Anfang eines Namens oder Auszugs stehen. Mehr Zeichen dürfen überall darin stehen.
any = Beliebig
show = Anzeigen
next-page = Nächste Seite
order = Sortierung
by-name = Nach Name
by-use = Am längsten nicht verwendete zuerst
expiring = Ablauf
unused = Nicht verwendet seit
within-days = { $value ->
    [one] innerhalb von { $value } Tag
   *[other] innerhalb von { $value } Tagen
}
no-keys = Keine Schlüssel gefunden.
list-goes-on = Die Liste ist lang. Weitere solche Schlüssel können auf der nächsten Seite stehen.
uses-not-recorded = Welche Schlüssel so lange nicht verwendet wurden, ist nicht bekannt, weil Verwendungen noch nicht so lange erfasst werden. Wählen Sie eine kürzere Zeit oder sehen Sie später noch einmal nach.
uses-recorded-since = Verwendungen werden erfasst seit
no-groups = Es gibt keine Gruppen.
no-users = Es gibt keine Benutzer.
no-events = Solche Ereignisse gibt es nicht.
no-trail = Dieser Speicher führt kein Protokoll.
no-routes = Das Programm zeigt hier keine Routen an.
keys-many = mehr als 1.000 Schlüssel
keys-count = { $value ->
    [one] { $value } Schlüssel
   *[other] { $value } Schlüssel
}

## Keys

key = Schlüssel
name = Name
user = Benutzer
group = Gruppe
state = Status
active = Aktiv
archived = Archiviert
expired = Abgelaufen
user-active = Aktiv
user-archived = Archiviert
hint = Auszug
networks = Netzwerke
any-network = Beliebiges Netzwerk
expires = Ablauf
never = Nie
never-expires = Dieser Schlüssel läuft nie ab.
last-used = Zuletzt verwendet
not-used = Nicht erfasst
created = Erstellt
technical-name = Technischer Name
metadata = Metadaten
damage = Schaden

## One key

new-key = Neuer Schlüssel
create = Schlüssel erstellen
name-help = Wem der Schlüssel gehört, zum Beispiel „webshop“. Jeder Name kommt nur einmal vor.
user-help = Der Benutzer, für den der Schlüssel handelt, so wie Ihr Programm ihn nennt.
groups-help = Codes, durch Kommas getrennt. Sie bestimmen, welche Routen der Schlüssel aufrufen darf.
routes-ask-for = Routen verlangen:
networks-help = Adressen oder Netzwerke, aus denen der Schlüssel verwendet werden darf, durch Kommas getrennt. Leer: beliebig.
expiry-help = Der letzte Tag, an dem der Schlüssel gilt. Leer: läuft nie ab.
more = Mehr
prefix = Präfix
prefix-help = Womit der Text beginnt. Leer: „key“.
technical-name-help = Der Abschnitt des Schlüssels in einer Konfiguration. Leer: keiner.
metadata-help = Was Ihr Programm über den Schlüssel wissen will, als JSON-Objekt. Schreiben Sie keine Geheimnisse hinein.
given-text = Text, den Programme schon verwenden
given-text-help = Leer: Der Schlüssel bekommt einen neuen Text.
in-days = { $value ->
    [one] in { $value } Tag
   *[other] in { $value } Tagen
}
on-day = An einem bestimmten Tag
day = Tag
created-key = Der Schlüssel „{ $value }“ wurde erstellt
rotated = Der Schlüssel „{ $value }“ hat einen neuen Wert
still-refused = Anfragen mit diesem Schlüssel werden weiterhin abgelehnt:
shown-once = Kopieren Sie den Wert jetzt. Er wird nicht noch einmal angezeigt.
new-text = Wert des Schlüssels
copy = Kopieren
copied = Kopiert
to-key = Zum Schlüssel
edit = Bearbeiten
save = Speichern
rotate = Rotieren
rotate-help = Der Schlüssel erhält einen neuen Wert. Der bisherige gilt noch eine Zeit lang, damit Programme umgestellt werden können. Hat ihn jemand Fremdes, wählen Sie keine Gültigkeit.
overlap = Gültigkeit des bisherigen Werts
overlap-none = keine
hours = { $value ->
    [one] { $value } Stunde
   *[other] { $value } Stunden
}
days = { $value ->
    [one] { $value } Tag
   *[other] { $value } Tage
}
archive = Archivieren
archive-help = Anfragen mit diesem Schlüssel werden sofort abgelehnt. Sie können ihn reaktivieren.
unarchive = Reaktivieren
unarchive-help = Anfragen mit diesem Schlüssel werden wieder zugelassen.
delete = Löschen
delete-help = Der Schlüssel wird endgültig gelöscht. Sein Protokoll bleibt erhalten.
type-name = Namen des Schlüssels eingeben
type-code = Zum Löschen der Gruppe „{ $value }“ eingeben
confirm = Ihr eigener Schlüssel
confirm-help = Nur nötig, wenn der Schlüssel eine Gruppe hat oder bekommt, die Zugriff auf diese Seiten hat.
done-created = Der Schlüssel wurde erstellt.
done-updated = Der Schlüssel wurde geändert.
done-archived = Der Schlüssel wurde archiviert. Anfragen mit diesem Schlüssel werden abgelehnt.
done-unarchived = Der Schlüssel wurde reaktiviert. Anfragen mit diesem Schlüssel werden zugelassen.
done-deleted = Der Schlüssel wurde gelöscht.
archive-keys = { $value ->
    [one] Diesen Schlüssel archivieren
   *[other] Diese { $value } Schlüssel archivieren
}
archive-keys-help = Anfragen mit diesen Schlüsseln werden sofort abgelehnt. Ein Schlüssel, dessen Verwendung inzwischen erfasst wurde, bleibt, ebenso ein Schlüssel mit Zugriff auf Verwaltungsseiten. Sie können jeden Schlüssel später reaktivieren.
done-archived-keys = { $value ->
    [0] Kein Schlüssel wurde archiviert.
    [one] { $value } Schlüssel wurde archiviert. Anfragen damit werden abgelehnt.
   *[other] { $value } Schlüssel wurden archiviert. Anfragen damit werden abgelehnt.
}
not-all-archived = Nicht alle diese Schlüssel konnten archiviert werden. Die Liste enthält die übrigen. Versuchen Sie es in Kürze erneut.
not-rotated = Der Schlüssel bekam einen neuen Wert, nachdem diese Seite geöffnet wurde. Er wurde nicht noch einmal rotiert.

## Checking a text

check-text = Wert prüfen
check = Prüfen
check-help = Würde eine Anfrage mit diesem Wert zugelassen, und wenn nicht, warum? Eine Prüfung zählt nicht als Verwendung des Schlüssels.
check-groups-help = Die Gruppen, die die Route verlangt, durch Kommas getrennt. Leer: keine.
caller-address = Adresse des Aufrufers
caller-address-help = Nötig für einen Schlüssel, der nur in manchen Netzwerken gilt.
check-admitted = Eine Anfrage mit diesem Wert wird zugelassen.
check-refused = Eine Anfrage mit diesem Wert wird abgelehnt.
check-inside = Der Wert eines Schlüssels steckt in Ihrer Eingabe. Ein Programm muss ihn ohne den Rest senden.
check-older = Der Schlüssel hat einen neueren Wert. Dieser gilt bis
check-answer = Antwort an den Aufrufer
check-unknown = Kein Schlüssel hat diesen Wert. Suchen Sie nach einem Tippfehler und vergleichen Sie den Wert mit den Auszügen in der Liste der Schlüssel.
check-unknown-issued = Kein Schlüssel hat diesen Wert. Er wurde ausgestellt und enthält keinen Tippfehler: Sein Schlüssel wurde gelöscht oder rotiert oder ist in einer anderen Datenbank.
check-archived-key = Der Schlüssel ist archiviert.
check-expired-key = Der Schlüssel ist abgelaufen.
check-rotated = Der Schlüssel wurde rotiert, und dieser ältere Wert gilt nicht mehr.
check-archived-user = Der Benutzer des Schlüssels ist archiviert.
check-unreadable-key = Ein Teil des Schlüssels ist nicht lesbar. Die Seite des Schlüssels sagt, welcher.
check-forbidden-group = Der Schlüssel gehört zu keiner dieser Gruppen.
check-forbidden-network = Der Schlüssel gilt nicht von dieser Adresse aus.
check-unknown-network = Der Schlüssel gilt nur in manchen Netzwerken. Geben Sie die Adresse des Aufrufers an.
check-unavailable = Der Schlüssel wird gerade geändert. Versuchen Sie es in Kürze erneut.

## Groups and users

code = Code
code-help = Der Name, den Routen verwenden. Gibt es die Gruppe schon, wird sie umbenannt.
new-group = Gruppe erstellen oder umbenennen
operators = hat Zugriff auf diese Seiten
change = Ändern

## Trail

when = Zeitpunkt
actor = Ausgeführt von
action = Aktion
of = Objekt
since = Ab
changed = Änderungen
action-created = erstellt
action-updated = geändert
action-rotated = rotiert
action-archived = archiviert
action-unarchived = reaktiviert
action-deleted = gelöscht
action-group-created = Gruppe erstellt
action-group-updated = Gruppe geändert
action-group-deleted = Gruppe gelöscht
action-user-archived = Benutzer archiviert
action-user-unarchived = Benutzer reaktiviert
action-user-deleted = Benutzer gelöscht
action-truncated = Tabelle geleert
action-pruned = alte Ereignisse gelöscht
action-sign-in-refused = Anmeldungen abgelehnt

## Routes

path = Pfad
methods = Methoden
who = Aufruf erlaubt
who-key = Mit Schlüssel
who-public = Mit oder ohne Schlüssel
who-anybody = Für alle
handler = Handler

## What goes wrong

failed = Das hat nicht funktioniert
failed-back = Es wurde nichts geändert. Gehen Sie zurück, um die Angaben zu korrigieren.
failed-no-key = Diesen Schlüssel gibt es nicht.
failed-input = Diese Angabe kann nicht verwendet werden:
failed-store = Der Schlüsselspeicher antwortet nicht. Versuchen Sie es in Kürze erneut.
refused-unconfirmed = Geben Sie Ihren eigenen Schlüssel ein: Dieser Schlüssel hat oder bekommt eine Gruppe, die Zugriff auf diese Seiten hat.
refused-form = Dieses Formular ist nicht mehr gültig. Laden Sie die Seite neu und füllen Sie es noch einmal aus.
refused-last-manager = Dies ist der letzte Schlüssel, der hier etwas ändern darf. Weisen Sie die Gruppe zuerst einem anderen Schlüssel zu.
refused-operators-group = Die Schlüssel dieser Gruppe haben Zugriff auf diese Seiten. Die Gruppe kann hier nicht gelöscht werden.
refused-other-operators = Das betrifft Personen mit Zugriff auf andere Verwaltungsseiten. Ändern Sie es dort oder über die Kommandozeile.
refused-unknown-group = Die Gruppe „{ $value }“ gibt es nicht. Korrigieren Sie den Code oder legen Sie die Gruppe zuerst auf der Seite der Gruppen an.
refused-typed-name = Ihre Eingabe stimmt nicht überein. Geben Sie genau ein, was die Seite zeigt.
refused-expiry = Geben Sie den Tag an, an dem der Schlüssel abläuft.
refused-past-expiry = Dieser Tag ist vorbei. Geben Sie einen späteren an. Um den Schlüssel sofort zu sperren, archivieren Sie ihn.
refused-networks = Eines der Netzwerke ist nicht lesbar. Schreiben Sie es als 192.0.2.1 oder 192.0.2.0/24.
refused-address = Die Adresse ist nicht lesbar. Schreiben Sie sie als 192.0.2.1.
refused-metadata = Die Metadaten sind nicht lesbar. Schreiben Sie ein JSON-Objekt.
refused-overlap = Wählen Sie, wie lange der bisherige Wert noch gilt.
