# Italian: see en.ftl.

## Around each page

title = Chiavi API
skip = Vai al contenuto
menu = Menu
language = Lingua
choose = Scegli
sign-in = Accedi
sign-out = Esci
your-key = La propria chiave API
your-code = Codice della riga di comando
viewer = sola lettura
viewer-help = È possibile vedere queste pagine, ma non modificare nulla.
read-only = Queste chiavi vengono modificate altrove. Queste pagine le mostrano soltanto.
sign-in-refused = Questa chiave non è valida.
sign-in-not-an-operator = Questa chiave non ha accesso a queste pagine.
sign-in-unavailable = Al momento non è possibile verificare le chiavi. Riprovare tra poco.
sign-in-code-refused = Questo codice non è valido o è già stato usato. Eseguire di nuovo il comando.
sign-in-too-many = Troppe chiavi inviate dal proprio indirizzo sono state rifiutate. Riprovare tra un minuto.

## Lists

keys = Chiavi
expiring-soon = In scadenza
groups = Gruppi
users = Utenti
trail = Registro di audit
routes = Route
search = Cerca
search-help = Uno o due caratteri devono trovarsi all’inizio di un nome o di un frammento. Di più possono trovarsi ovunque.
any = Qualsiasi
show = Mostra
next-page = Pagina successiva
order = Ordine
by-name = Per nome
by-use = Prima le inutilizzate da più tempo
expiring = Scadenza
unused = Non usata da
within-days = { $value ->
    [one] entro { $value } giorno
   *[other] entro { $value } giorni
}
no-keys = Nessuna chiave trovata.
list-goes-on = L’elenco è lungo. Altre chiavi di questo tipo possono trovarsi nella pagina successiva.
uses-not-recorded = Non si sa quali chiavi non siano state usate per così tanto tempo, perché gli usi non vengono registrati da così tanto tempo. Scegliere un periodo più breve o riprovare più tardi.
uses-recorded-since = Gli usi vengono registrati da
no-groups = Non ci sono gruppi.
no-users = Non ci sono utenti.
no-events = Non ci sono eventi di questo tipo.
no-trail = Questo deposito non tiene un registro di audit.
no-routes = Il programma non mostra route qui.
keys-many = più di 1000 chiavi
keys-count = { $value ->
    [one] { $value } chiave
   *[other] { $value } chiavi
}

## Keys

key = Chiave
name = Nome
user = Utente
group = Gruppo
state = Stato
active = Attiva
archived = Archiviata
expired = Scaduta
user-active = Attivo
user-archived = Archiviato
hint = Frammento
networks = Reti
any-network = Qualsiasi rete
expires = Scadenza
never = Mai
never-expires = Questa chiave non scade mai.
last-used = Ultimo utilizzo
not-used = Non registrato
created = Creazione
technical-name = Nome tecnico
metadata = Metadati
damage = Danno

## One key

new-key = Nuova chiave
create = Crea la chiave
name-help = A chi appartiene la chiave, ad esempio «negozio». Due chiavi non possono avere lo stesso nome.
user-help = L’utente per conto del quale agisce la chiave, come lo chiama il proprio programma.
groups-help = Codici separati da virgole. Stabiliscono quali route la chiave può chiamare.
routes-ask-for = Le route richiedono:
networks-help = Indirizzi o reti da cui si può usare la chiave, separati da virgole. Vuoto: qualsiasi.
expiry-help = L’ultimo giorno in cui la chiave funziona. Vuoto: non scade mai.
more = Altro
prefix = Prefisso
prefix-help = Con che cosa inizia il testo. Vuoto: «key».
technical-name-help = La sezione della chiave in una configurazione. Vuoto: nessuna.
metadata-help = Ciò che il programma vuole sapere della chiave, come oggetto JSON. Non inserire segreti.
given-text = Testo già usato da programmi
given-text-help = Vuoto: la chiave riceve un nuovo testo.
in-days = { $value ->
    [one] tra { $value } giorno
   *[other] tra { $value } giorni
}
on-day = In una data precisa
day = Data
created-key = La chiave «{ $value }» è stata creata
rotated = La chiave «{ $value }» ha un nuovo valore
still-refused = Le richieste con questa chiave vengono ancora rifiutate:
shown-once = Copiare il valore adesso. Non verrà più mostrato.
new-text = Valore della chiave
copy = Copia
copied = Copiato
to-key = Vai alla chiave
edit = Modifica
save = Salva
rotate = Rigenera
rotate-help = La chiave riceve un nuovo valore. Quello precedente continua a funzionare per un po’, così che i programmi possano passare al nuovo. Se qualcun altro lo possiede, non lasciare alcun periodo.
overlap = Validità del valore precedente
overlap-none = nessuna
hours = { $value ->
    [one] { $value } ora
   *[other] { $value } ore
}
days = { $value ->
    [one] { $value } giorno
   *[other] { $value } giorni
}
archive = Archivia
archive-help = Le richieste con questa chiave vengono subito rifiutate. La chiave può essere riattivata.
unarchive = Riattiva
unarchive-help = Le richieste con questa chiave vengono di nuovo accettate.
delete = Elimina
delete-help = La chiave viene eliminata definitivamente. Il suo registro di audit rimane.
type-name = Digitare il nome della chiave
type-code = Digitare «{ $value }» per eliminare il gruppo
confirm = La propria chiave
confirm-help = Necessaria solo se la chiave ha o riceve un gruppo che ha accesso a queste pagine.
done-created = La chiave è stata creata.
done-updated = La chiave è stata modificata.
done-archived = La chiave è stata archiviata. Le richieste con questa chiave vengono rifiutate.
done-unarchived = La chiave è stata riattivata. Le richieste con questa chiave vengono accettate.
done-deleted = La chiave è stata eliminata.
archive-keys = { $value ->
    [one] Archivia questa chiave
   *[other] Archivia queste { $value } chiavi
}
archive-keys-help = Le richieste con queste chiavi vengono subito rifiutate. Una chiave il cui uso viene registrato nel frattempo resta, così come una chiave che ha accesso a pagine di amministrazione. Ogni chiave può essere riattivata.
done-archived-keys = { $value ->
    [0] Nessuna chiave è stata archiviata.
    [one] { $value } chiave è stata archiviata. Le richieste con questa chiave vengono rifiutate.
   *[other] { $value } chiavi sono state archiviate. Le richieste con queste chiavi vengono rifiutate.
}
not-all-archived = Non è stato possibile archiviare tutte queste chiavi. L’elenco contiene quelle rimaste. Riprovare tra poco.
not-rotated = La chiave ha ricevuto un nuovo valore dopo l’apertura di questa pagina. Non è stata rigenerata di nuovo.

## Checking a text

check-text = Verifica un valore
check = Verifica
check-help = Una richiesta con questo valore verrebbe accettata, e se no, perché? Una verifica non conta come uso della chiave.
check-groups-help = I gruppi richiesti dalla route, separati da virgole. Vuoto: nessuno.
caller-address = Indirizzo del chiamante
caller-address-help = Necessario per una chiave limitata ad alcune reti.
check-admitted = Una richiesta con questo valore viene accettata.
check-refused = Una richiesta con questo valore viene rifiutata.
check-inside = Il valore di una chiave si trova dentro il testo inserito. Un programma deve inviarlo senza altro intorno.
check-older = La chiave ha un valore più recente. Questo è valido fino a
check-answer = Risposta al chiamante
check-unknown = Nessuna chiave ha questo valore. Cercare un errore di battitura e confrontare il valore con i frammenti nell’elenco delle chiavi.
check-unknown-issued = Nessuna chiave ha questo valore. È stato emesso e non contiene errori di battitura: la sua chiave è stata eliminata o rigenerata, o si trova in un altro database.
check-archived-key = La chiave è archiviata.
check-expired-key = La chiave è scaduta.
check-rotated = La chiave è stata rigenerata e questo valore precedente non è più valido.
check-archived-user = L’utente della chiave è archiviato.
check-unreadable-key = Una parte della chiave non è leggibile. La pagina della chiave indica quale.
check-forbidden-group = La chiave non è in nessuno di questi gruppi.
check-forbidden-network = La chiave non è valida da questo indirizzo.
check-unknown-network = La chiave è limitata ad alcune reti. Indicare l’indirizzo del chiamante.
check-unavailable = La chiave è in corso di modifica. Riprovare tra poco.

## Groups and users

code = Codice
code-help = Il nome usato dalle route. Se esiste già un gruppo con questo codice, viene rinominato.
new-group = Crea o rinomina un gruppo
operators = ha accesso a queste pagine
change = Modifica

## Trail

when = Data e ora
actor = Autore
action = Azione
of = Oggetto
since = Dal
changed = Modifiche
action-created = creata
action-updated = modificata
action-rotated = rigenerata
action-archived = archiviata
action-unarchived = riattivata
action-deleted = eliminata
action-group-created = gruppo creato
action-group-updated = gruppo modificato
action-group-deleted = gruppo eliminato
action-user-archived = utente archiviato
action-user-unarchived = utente riattivato
action-user-deleted = utente eliminato
action-truncated = tabella svuotata
action-pruned = vecchi eventi eliminati
action-sign-in-refused = accessi rifiutati

## Routes

path = Percorso
methods = Metodi
who = Chi può chiamare
who-key = Con una chiave
who-public = Con o senza chiave
who-anybody = Chiunque
handler = Handler

## What goes wrong

failed = Operazione non riuscita
failed-back = Non è stato modificato nulla. Tornare indietro per correggere.
failed-no-key = Questa chiave non esiste.
failed-input = Questo dato non può essere usato:
failed-store = Il deposito delle chiavi non risponde. Riprovare tra poco.
refused-unconfirmed = Digitare la propria chiave: questa chiave ha o riceve un gruppo che ha accesso a queste pagine.
refused-form = Questo modulo non è più valido. Ricaricare la pagina e compilarlo di nuovo.
refused-last-manager = Questa è l’ultima chiave che può modificare qualcosa qui. Assegnare prima il gruppo a un’altra chiave.
refused-operators-group = Le chiavi di questo gruppo hanno accesso a queste pagine. Il gruppo non può essere eliminato qui.
refused-other-operators = Questo riguarda persone con accesso ad altre pagine di amministrazione. Fare questa modifica lì o da riga di comando.
refused-unknown-group = Il gruppo «{ $value }» non esiste. Correggere il codice oppure creare prima il gruppo nella pagina dei gruppi.
refused-typed-name = Il testo inserito non corrisponde. Scriverlo esattamente come appare nella pagina.
refused-expiry = Indicare la data in cui scade la chiave.
refused-past-expiry = Questa data è passata. Indicarne una successiva. Per bloccare subito la chiave, archiviarla.
refused-networks = Una delle reti non è leggibile. Scriverla come 192.0.2.1 o 192.0.2.0/24.
refused-address = L’indirizzo non è leggibile. Scriverlo come 192.0.2.1.
refused-metadata = I metadati non sono leggibili. Scrivere un oggetto JSON.
refused-overlap = Scegliere la validità del valore precedente.
