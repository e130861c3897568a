# Dutch: see en.ftl.

## Around each page

title = API-sleutels
skip = Naar de inhoud
menu = Menu
language = Taal
choose = Kiezen
sign-in = Inloggen
sign-out = Uitloggen
your-key = Je API-sleutel
your-code = Code van de opdrachtregel
viewer = alleen lezen
viewer-help = Je kunt deze pagina’s bekijken, maar niets wijzigen.
read-only = Deze sleutels worden elders gewijzigd. Op deze pagina’s kun je ze alleen bekijken.
sign-in-refused = Deze sleutel is niet geldig.
sign-in-not-an-operator = Deze sleutel heeft geen toegang tot deze pagina’s.
sign-in-unavailable = Sleutels kunnen op dit moment niet worden gecontroleerd. Probeer het straks opnieuw.
sign-in-code-refused = Deze code is niet geldig of is al gebruikt. Voer de opdracht opnieuw uit.
sign-in-too-many = Te veel sleutels van je adres zijn geweigerd. Probeer het over een minuut opnieuw.

## Lists

keys = Sleutels
expiring-soon = Verloopt binnenkort
groups = Groepen
users = Gebruikers
trail = Auditlogboek
routes = Routes
search = Zoeken
search-help = Een of twee tekens moeten aan het begin van een naam of fragment staan. Meer tekens mogen overal staan.
any = Alle
show = Tonen
next-page = Volgende pagina
order = Volgorde
by-name = Op naam
by-use = Langst ongebruikte eerst
expiring = Verloopt
unused = Niet gebruikt sinds
within-days = { $value ->
    [one] binnen { $value } dag
   *[other] binnen { $value } dagen
}
no-keys = Geen sleutels gevonden.
list-goes-on = De lijst is lang. Op de volgende pagina kunnen nog meer van zulke sleutels staan.
uses-not-recorded = Het is niet bekend welke sleutels zo lang niet zijn gebruikt, omdat gebruik nog niet zo lang wordt vastgelegd. Kies een kortere tijd of kijk later opnieuw.
uses-recorded-since = Gebruik wordt vastgelegd sinds
no-groups = Er zijn geen groepen.
no-users = Er zijn geen gebruikers.
no-events = Er zijn geen zulke gebeurtenissen.
no-trail = Deze opslag houdt geen auditlogboek bij.
no-routes = Het programma toont hier geen routes.
keys-many = meer dan 1.000 sleutels
keys-count = { $value ->
    [one] { $value } sleutel
   *[other] { $value } sleutels
}

## Keys

key = Sleutel
name = Naam
user = Gebruiker
group = Groep
state = Status
active = Actief
archived = Gearchiveerd
expired = Verlopen
user-active = Actief
user-archived = Gearchiveerd
hint = Fragment
networks = Netwerken
any-network = Alle netwerken
expires = Verloopt
never = Nooit
never-expires = Deze sleutel verloopt nooit.
last-used = Laatst gebruikt
not-used = Niet vastgelegd
created = Aangemaakt
technical-name = Technische naam
metadata = Metagegevens
damage = Schade

## One key

new-key = Nieuwe sleutel
create = Sleutel aanmaken
name-help = Van wie de sleutel is, bijvoorbeeld “webshop”. Twee sleutels kunnen niet dezelfde naam hebben.
user-help = De gebruiker namens wie de sleutel handelt, zoals je programma die noemt.
groups-help = Codes, gescheiden door komma’s. Ze bepalen welke routes de sleutel mag aanroepen.
routes-ask-for = Routes vragen:
networks-help = Adressen of netwerken waarvandaan de sleutel gebruikt mag worden, gescheiden door komma’s. Leeg: alle.
expiry-help = De laatste dag waarop de sleutel werkt. Leeg: verloopt nooit.
more = Meer
prefix = Voorvoegsel
prefix-help = Waarmee de tekst begint. Leeg: “key”.
technical-name-help = De sectie van de sleutel in een configuratie. Leeg: geen.
metadata-help = Wat uw programma over de sleutel wil weten, als JSON-object. Zet er geen geheimen in.
given-text = Tekst die programma’s al gebruiken
given-text-help = Leeg: de sleutel krijgt een nieuwe tekst.
in-days = { $value ->
    [one] over { $value } dag
   *[other] over { $value } dagen
}
on-day = Op een bepaalde dag
day = Dag
created-key = De sleutel “{ $value }” is aangemaakt
rotated = De sleutel “{ $value }” heeft een nieuwe waarde
still-refused = Verzoeken met deze sleutel worden nog steeds geweigerd:
shown-once = Kopieer de waarde nu. Deze wordt niet opnieuw getoond.
new-text = Waarde van de sleutel
copy = Kopiëren
copied = Gekopieerd
to-key = Naar de sleutel
edit = Bewerken
save = Opslaan
rotate = Roteren
rotate-help = De sleutel krijgt een nieuwe waarde. De vorige blijft nog een tijdje werken, zodat programma’s kunnen overstappen. Heeft iemand anders die, kies dan geen tijd.
overlap = Geldigheid van de vorige waarde
overlap-none = geen
hours = { $value ->
    [one] { $value } uur
   *[other] { $value } uur
}
days = { $value ->
    [one] { $value } dag
   *[other] { $value } dagen
}
archive = Archiveren
archive-help = Verzoeken met deze sleutel worden meteen geweigerd. Je kunt de sleutel opnieuw activeren.
unarchive = Opnieuw activeren
unarchive-help = Verzoeken met deze sleutel worden weer toegelaten.
delete = Verwijderen
delete-help = De sleutel wordt definitief verwijderd. Het auditlogboek ervan blijft bewaard.
type-name = Typ de naam van de sleutel
type-code = Typ “{ $value }” om de groep te verwijderen
confirm = Je eigen sleutel
confirm-help = Alleen nodig als de sleutel een groep met toegang tot deze pagina’s heeft of krijgt.
done-created = De sleutel is gemaakt.
done-updated = De sleutel is gewijzigd.
done-archived = De sleutel is gearchiveerd. Verzoeken ermee worden geweigerd.
done-unarchived = De sleutel is opnieuw geactiveerd. Verzoeken ermee worden toegelaten.
done-deleted = De sleutel is verwijderd.
archive-keys = { $value ->
    [one] Deze sleutel archiveren
   *[other] Deze { $value } sleutels archiveren
}
archive-keys-help = Verzoeken met deze sleutels worden meteen geweigerd. Een sleutel waarvan intussen een gebruik is vastgelegd, blijft, net als een sleutel met toegang tot beheerpagina’s. Je kunt elke sleutel later opnieuw activeren.
done-archived-keys = { $value ->
    [0] Er is geen sleutel gearchiveerd.
    [one] { $value } sleutel is gearchiveerd. Verzoeken ermee worden geweigerd.
   *[other] { $value } sleutels zijn gearchiveerd. Verzoeken ermee worden geweigerd.
}
not-all-archived = Niet al deze sleutels konden worden gearchiveerd. De lijst bevat de overige. Probeer het straks opnieuw.
not-rotated = De sleutel kreeg een nieuwe waarde nadat deze pagina was geopend. Hij is niet nog eens geroteerd.

## Checking a text

check-text = Waarde controleren
check = Controleren
check-help = Zou een verzoek met deze waarde worden toegelaten, en zo niet, waarom? Een controle telt niet als gebruik van de sleutel.
check-groups-help = De groepen die de route vraagt, gescheiden door komma’s. Leeg: geen.
caller-address = Adres van de aanroeper
caller-address-help = Nodig voor een sleutel die alleen in sommige netwerken werkt.
check-admitted = Een verzoek met deze waarde wordt toegelaten.
check-refused = Een verzoek met deze waarde wordt geweigerd.
check-inside = De waarde van een sleutel zit in wat je hebt ingevoerd. Een programma moet die zonder de rest versturen.
check-older = De sleutel heeft een nieuwere waarde. Deze werkt tot
check-answer = Antwoord aan de aanroeper
check-unknown = Geen sleutel heeft deze waarde. Zoek naar een typfout en vergelijk de waarde met de fragmenten in de lijst met sleutels.
check-unknown-issued = Geen sleutel heeft deze waarde. Ze is uitgegeven en bevat geen typfout: de sleutel is verwijderd of geroteerd, of staat in een andere database.
check-archived-key = De sleutel is gearchiveerd.
check-expired-key = De sleutel is verlopen.
check-rotated = De sleutel is geroteerd en deze oudere waarde werkt niet meer.
check-archived-user = De gebruiker van de sleutel is gearchiveerd.
check-unreadable-key = Een deel van de sleutel is niet leesbaar. De pagina van de sleutel zegt welk deel.
check-forbidden-group = De sleutel zit in geen van deze groepen.
check-forbidden-network = De sleutel werkt niet vanaf dit adres.
check-unknown-network = De sleutel werkt alleen in sommige netwerken. Geef het adres van de aanroeper op.
check-unavailable = De sleutel wordt op dit moment gewijzigd. Probeer het straks opnieuw.

## Groups and users

code = Code
code-help = De naam die routes gebruiken. Bestaat de groep al, dan wordt de naam ervan gewijzigd.
new-group = Groep aanmaken of hernoemen
operators = heeft toegang tot deze pagina’s
change = Wijzigen

## Trail

when = Tijdstip
actor = Uitgevoerd door
action = Actie
of = Object
since = Vanaf
changed = Wijzigingen
action-created = aangemaakt
action-updated = gewijzigd
action-rotated = geroteerd
action-archived = gearchiveerd
action-unarchived = opnieuw geactiveerd
action-deleted = verwijderd
action-group-created = groep aangemaakt
action-group-updated = groep gewijzigd
action-group-deleted = groep verwijderd
action-user-archived = gebruiker gearchiveerd
action-user-unarchived = gebruiker opnieuw geactiveerd
action-user-deleted = gebruiker verwijderd
action-truncated = tabel geleegd
action-pruned = oude gebeurtenissen verwijderd
action-sign-in-refused = inlogpogingen geweigerd

## Routes

path = Pad
methods = Methoden
who = Wie mag aanroepen
who-key = Met een sleutel
who-public = Met of zonder sleutel
who-anybody = Iedereen
handler = Handler

## What goes wrong

failed = Dat is niet gelukt
failed-back = Er is niets gewijzigd. Ga terug om het te corrigeren.
failed-no-key = Deze sleutel bestaat niet.
failed-input = Deze invoer kan niet worden gebruikt:
failed-store = De sleutelopslag reageert niet. Probeer het straks opnieuw.
refused-unconfirmed = Typ je eigen sleutel: deze sleutel heeft of krijgt een groep met toegang tot deze pagina’s.
refused-form = Dit formulier is niet meer geldig. Laad de pagina opnieuw en vul het nog eens in.
refused-last-manager = Dit is de laatste sleutel die hier iets mag wijzigen. Wijs de groep eerst aan een andere sleutel toe.
refused-operators-group = De sleutels van deze groep hebben toegang tot deze pagina’s. De groep kan hier niet worden verwijderd.
refused-other-operators = Dit betreft personen met toegang tot andere beheerpagina’s. Voer deze wijziging daar of via de opdrachtregel uit.
refused-unknown-group = De groep “{ $value }” bestaat niet. Verbeter de code of maak de groep eerst aan op de pagina met groepen.
refused-typed-name = Wat je hebt ingevoerd, komt niet overeen. Voer het precies in zoals de pagina het toont.
refused-expiry = Geef aan op welke dag de sleutel verloopt.
refused-past-expiry = Deze dag is voorbij. Geef een latere dag op. Archiveer de sleutel om deze nu te stoppen.
refused-networks = Een van de netwerken is niet leesbaar. Schrijf het als 192.0.2.1 of 192.0.2.0/24.
refused-address = Het adres is niet leesbaar. Schrijf het als 192.0.2.1.
refused-metadata = De metagegevens zijn niet leesbaar. Schrijf een JSON-object.
refused-overlap = Kies hoelang de vorige waarde geldig blijft.
