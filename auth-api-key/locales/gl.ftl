# Galician: see en.ftl.

## Around each page

title = Claves de API
skip = Ir ao contido
menu = Menú
language = Idioma
choose = Escoller
sign-in = Iniciar sesión
sign-out = Pechar sesión
your-key = A súa clave de API
your-code = Código da liña de ordes
viewer = só lectura
viewer-help = Pode ver estas páxinas, pero non modificar nada.
read-only = Estas claves modifícanse noutro lugar. Estas páxinas só as amosan.
sign-in-refused = Esta clave non é válida.
sign-in-not-an-operator = Esta clave non ten acceso a estas páxinas.
sign-in-unavailable = Neste momento non se poden comprobar as claves. Ténteo de novo en breve.
sign-in-code-refused = Este código non é válido ou xa se usou. Volva executar a orde.
sign-in-too-many = Rexeitáronse demasiadas claves do seu enderezo. Ténteo de novo dentro dun minuto.

## Lists

keys = Claves
expiring-soon = Caducan pronto
groups = Grupos
users = Usuarios
trail = Rexistro de auditoría
routes = Rutas
search = Buscar
search-help = Un ou dous caracteres deben estar ao comezo dun nome ou dun fragmento. Máis poden estar en calquera parte.
any = Calquera
show = Amosar
next-page = Páxina seguinte
order = Orde
by-name = Por nome
by-use = Primeiro as que levan máis tempo sen usarse
expiring = Caducidade
unused = Sen usar durante
within-days = { $value ->
    [one] nun prazo de { $value } día
   *[other] nun prazo de { $value } días
}
no-keys = Non se atoparon claves.
list-goes-on = A lista é longa. Pode haber máis claves deste tipo na páxina seguinte.
uses-not-recorded = Non se sabe que claves non se usaron en tanto tempo, porque os usos non se rexistran desde hai tanto. Escolla un tempo máis curto ou volva máis tarde.
uses-recorded-since = Os usos rexístranse desde
no-groups = Non hai grupos.
no-users = Non hai usuarios.
no-events = Non hai eventos deste tipo.
no-trail = Este almacén non leva rexistro de auditoría.
no-routes = O programa non amosa rutas aquí.
keys-many = máis de 1000 claves
keys-count = { $value ->
    [one] { $value } clave
   *[other] { $value } claves
}

## Keys

key = Clave
name = Nome
user = Usuario
group = Grupo
state = Estado
active = Activa
archived = Arquivada
expired = Caducada
user-active = Activo
user-archived = Arquivado
hint = Fragmento
networks = Redes
any-network = Calquera rede
expires = Caducidade
never = Nunca
never-expires = Esta clave non caduca nunca.
last-used = Último uso
not-used = Non rexistrado
created = Creación
technical-name = Nome técnico
metadata = Metadatos
damage = Dano

## One key

new-key = Nova clave
create = Crear a clave
name-help = De quen é a clave, por exemplo, «tenda». Non pode haber dúas claves co mesmo nome.
user-help = O usuario en cuxo nome actúa a clave, tal e como o chama o seu programa.
groups-help = Códigos separados por comas. Determinan a que rutas pode chamar a clave.
routes-ask-for = As rutas piden:
networks-help = Enderezos ou redes desde onde se pode usar a clave, separados por comas. Baleiro: calquera.
expiry-help = O último día en que funciona a clave. Baleiro: nunca caduca.
more = Máis
prefix = Prefixo
prefix-help = Con que comeza o texto. Baleiro: «key».
technical-name-help = A sección da clave nunha configuración. Baleiro: ningunha.
metadata-help = O que o seu programa quere saber da clave, como obxecto JSON. Non escriba segredos neles.
given-text = Texto que xa usan programas
given-text-help = Baleiro: a clave recibe un texto novo.
in-days = { $value ->
    [one] dentro de { $value } día
   *[other] dentro de { $value } días
}
on-day = Nunha data concreta
day = Data
created-key = Creouse a clave «{ $value }»
rotated = A clave «{ $value }» ten un novo valor
still-refused = As solicitudes con esta clave seguen a rexeitarse:
shown-once = Copie o valor agora. Non se volverá amosar.
new-text = Valor da clave
copy = Copiar
copied = Copiado
to-key = Ir á clave
edit = Editar
save = Gardar
rotate = Rotar
rotate-help = A clave recibe un novo valor. O anterior segue funcionando durante un tempo para que os programas poidan cambiar. Se o ten outra persoa, non deixe ningún tempo.
overlap = Validez do valor anterior
overlap-none = ningunha
hours = { $value ->
    [one] { $value } hora
   *[other] { $value } horas
}
days = { $value ->
    [one] { $value } día
   *[other] { $value } días
}
archive = Arquivar
archive-help = As solicitudes con esta clave rexéitanse de inmediato. A clave pódese reactivar.
unarchive = Reactivar
unarchive-help = As solicitudes con esta clave admítense de novo.
delete = Eliminar
delete-help = A clave elimínase definitivamente. O seu rexistro de auditoría consérvase.
type-name = Escriba o nome da clave
type-code = Escriba «{ $value }» para eliminar o grupo
confirm = A súa propia clave
confirm-help = Só é necesaria se a clave ten ou recibe un grupo que ten acceso a estas páxinas.
done-created = Creouse a clave.
done-updated = Modificouse a clave.
done-archived = Arquivouse a clave. As solicitudes con ela rexéitanse.
done-unarchived = Reactivouse a clave. As solicitudes con ela admítense.
done-deleted = Eliminouse a clave.
archive-keys = { $value ->
    [one] Arquivar esta clave
   *[other] Arquivar estas { $value } claves
}
archive-keys-help = As solicitudes con estas claves rexéitanse de inmediato. Unha clave cuxo uso se rexistre mentres tanto queda, igual que unha clave con acceso a páxinas de administración. Cada clave pódese reactivar.
done-archived-keys = { $value ->
    [0] Non se arquivou ningunha clave.
    [one] Arquivouse { $value } clave. As solicitudes con ela rexéitanse.
   *[other] Arquiváronse { $value } claves. As solicitudes con elas rexéitanse.
}
not-all-archived = Non se puideron arquivar todas estas claves. A lista contén as que quedan. Ténteo de novo en breve.
not-rotated = A clave recibiu un novo valor despois de abrir esta páxina. Non se rotou outra vez.

## Checking a text

check-text = Comprobar un valor
check = Comprobar
check-help = Admitiríase unha solicitude con este valor, e se non, por que? Unha comprobación non conta como uso da clave.
check-groups-help = Os grupos que pide a ruta, separados por comas. Baleiro: ningún.
caller-address = Enderezo de quen chama
caller-address-help = Necesario para unha clave limitada a algunhas redes.
check-admitted = Unha solicitude con este valor admítese.
check-refused = Unha solicitude con este valor rexéitase.
check-inside = O valor dunha clave está dentro do que escribiu. Un programa debe envialo sen nada arredor.
check-older = A clave ten un valor máis recente. Este é válido ata
check-answer = Resposta a quen chama
check-unknown = Ningunha clave ten este valor. Busque un erro de escritura e compare o valor cos fragmentos da lista de claves.
check-unknown-issued = Ningunha clave ten este valor. Foi emitido e non contén erros de escritura: a súa clave eliminouse ou rotouse, ou está noutra base de datos.
check-archived-key = A clave está arquivada.
check-expired-key = A clave caducou.
check-rotated = A clave rotouse, e este valor anterior xa non é válido.
check-archived-user = O usuario da clave está arquivado.
check-unreadable-key = Unha parte da clave non se pode ler. A páxina da clave indica cal.
check-forbidden-group = A clave non está en ningún destes grupos.
check-forbidden-network = A clave non é válida desde este enderezo.
check-unknown-network = A clave está limitada a algunhas redes. Indique o enderezo de quen chama.
check-unavailable = A clave estase a modificar. Ténteo de novo en breve.

## Groups and users

code = Código
code-help = O nome que usan as rutas. Se xa existe un grupo así, cámbiaselle o nome.
new-group = Crear ou renomear un grupo
operators = ten acceso a estas páxinas
change = Modificar

## Trail

when = Data e hora
actor = Autor
action = Acción
of = Obxecto
since = Desde
changed = Modificacións
action-created = creada
action-updated = modificada
action-rotated = rotada
action-archived = arquivada
action-unarchived = reactivada
action-deleted = eliminada
action-group-created = grupo creado
action-group-updated = grupo modificado
action-group-deleted = grupo eliminado
action-user-archived = usuario arquivado
action-user-unarchived = usuario reactivado
action-user-deleted = usuario eliminado
action-truncated = táboa baleirada
action-pruned = eventos antigos eliminados
action-sign-in-refused = inicios de sesión rexeitados

## Routes

path = Camiño
methods = Métodos
who = Quen pode chamar
who-key = Con clave
who-public = Con ou sen clave
who-anybody = Calquera
handler = Manexador

## What goes wrong

failed = Non se puido completar a operación
failed-back = Non se modificou nada. Volva atrás para corrixilo.
failed-no-key = Esa clave non existe.
failed-input = Isto non se pode usar:
failed-store = O almacén de claves non responde. Ténteo de novo en breve.
refused-unconfirmed = Escriba a súa propia clave: esta clave ten ou recibe un grupo que ten acceso a estas páxinas.
refused-form = Este formulario xa non é válido. Volva cargar a páxina e énchao de novo.
refused-last-manager = Esta é a última clave que pode modificar algo aquí. Asigne primeiro o grupo a outra clave.
refused-operators-group = As claves deste grupo teñen acceso a estas páxinas. O grupo non se pode eliminar aquí.
refused-other-operators = Isto afecta a persoas con acceso a outras páxinas de administración. Faga este cambio alí ou pola liña de comandos.
refused-unknown-group = Non existe o grupo «{ $value }». Corrixa o código ou cree antes o grupo na páxina de grupos.
refused-typed-name = O que escribiu non coincide. Escríbao exactamente como aparece na páxina.
refused-expiry = Indique a data en que caduca a clave.
refused-past-expiry = Esta data xa pasou. Indique unha posterior. Para deter a clave agora, arquívea.
refused-networks = Unha das redes non se pode ler. Escríbaa como 192.0.2.1 ou 192.0.2.0/24.
refused-address = O enderezo non se pode ler. Escríbao como 192.0.2.1.
refused-metadata = Os metadatos non se poden ler. Escriba un obxecto JSON.
refused-overlap = Escolla a validez do valor anterior.
