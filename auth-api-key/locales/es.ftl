# Spanish: see en.ftl.

## Around each page

title = Claves de API
skip = Ir al contenido
menu = Menú
language = Idioma
choose = Elegir
sign-in = Iniciar sesión
sign-out = Cerrar sesión
your-key = Su clave de API
your-code = Código de la línea de comandos
viewer = solo lectura
viewer-help = Puede ver estas páginas, pero no modificar nada.
read-only = Estas claves se modifican en otro lugar. Estas páginas solo las muestran.
sign-in-refused = Esta clave no es válida.
sign-in-not-an-operator = Esta clave no tiene acceso a estas páginas.
sign-in-unavailable = En este momento no se pueden comprobar las claves. Vuelva a intentarlo en breve.
sign-in-code-refused = Este código no es válido o ya se ha usado. Vuelva a ejecutar el comando.
sign-in-too-many = Se rechazaron demasiadas claves de su dirección. Vuelva a intentarlo dentro de un minuto.

## Lists

keys = Claves
expiring-soon = Caducan pronto
groups = Grupos
users = Usuarios
trail = Registro de auditoría
routes = Rutas
search = Buscar
search-help = Uno o dos caracteres deben estar al principio de un nombre o de un fragmento. Más pueden estar en cualquier parte.
any = Cualquiera
show = Mostrar
next-page = Página siguiente
order = Orden
by-name = Por nombre
by-use = Primero las que llevan más tiempo sin usarse
expiring = Caducidad
unused = Sin usar durante
within-days = { $value ->
    [one] en un plazo de { $value } día
   *[other] en un plazo de { $value } días
}
no-keys = No se han encontrado claves.
list-goes-on = La lista es larga. Puede haber más claves de este tipo en la página siguiente.
uses-not-recorded = No se sabe qué claves no se han usado en tanto tiempo, porque los usos no se registran desde hace tanto. Elija un tiempo más corto o vuelva más tarde.
uses-recorded-since = Los usos se registran desde
no-groups = No hay grupos.
no-users = No hay usuarios.
no-events = No hay eventos de este tipo.
no-trail = Este almacén no lleva registro de auditoría.
no-routes = El programa no muestra rutas aquí.
keys-many = más de 1000 claves
keys-count = { $value ->
    [one] { $value } clave
   *[other] { $value } claves
}

## Keys

key = Clave
name = Nombre
user = Usuario
group = Grupo
state = Estado
active = Activa
archived = Archivada
expired = Caducada
user-active = Activo
user-archived = Archivado
hint = Fragmento
networks = Redes
any-network = Cualquier red
expires = Caducidad
never = Nunca
never-expires = Esta clave no caduca nunca.
last-used = Último uso
not-used = No registrado
created = Creación
technical-name = Nombre técnico
metadata = Metadatos
damage = Daño

## One key

new-key = Nueva clave
create = Crear la clave
name-help = De quién es la clave, por ejemplo, «tienda». No puede haber dos claves con el mismo nombre.
user-help = El usuario en cuyo nombre actúa la clave, tal como lo llama su programa.
groups-help = Códigos separados por comas. Determinan a qué rutas puede llamar la clave.
routes-ask-for = Las rutas piden:
networks-help = Direcciones o redes desde las que se puede usar la clave, separadas por comas. Vacío: cualquiera.
expiry-help = El último día en que funciona la clave. Vacío: nunca caduca.
more = Más
prefix = Prefijo
prefix-help = Con qué empieza el texto. Vacío: «key».
technical-name-help = La sección de la clave en una configuración. Vacío: ninguna.
metadata-help = Lo que su programa quiere saber de la clave, como objeto JSON. No escriba secretos en ellos.
given-text = Texto que ya usan programas
given-text-help = Vacío: la clave recibe un texto nuevo.
in-days = { $value ->
    [one] dentro de { $value } día
   *[other] dentro de { $value } días
}
on-day = En una fecha concreta
day = Fecha
created-key = Se ha creado la clave «{ $value }»
rotated = La clave «{ $value }» tiene un nuevo valor
still-refused = Las solicitudes con esta clave se siguen rechazando:
shown-once = Copie el valor ahora. No se volverá a mostrar.
new-text = Valor de la clave
copy = Copiar
copied = Copiado
to-key = Ir a la clave
edit = Editar
save = Guardar
rotate = Rotar
rotate-help = La clave recibe un nuevo valor. El anterior sigue funcionando durante un tiempo para que los programas puedan cambiar. Si lo tiene otra persona, no deje ningún tiempo.
overlap = Validez del valor anterior
overlap-none = ninguna
hours = { $value ->
    [one] { $value } hora
   *[other] { $value } horas
}
days = { $value ->
    [one] { $value } día
   *[other] { $value } días
}
archive = Archivar
archive-help = Las solicitudes con esta clave se rechazan de inmediato. La clave se puede reactivar.
unarchive = Reactivar
unarchive-help = Las solicitudes con esta clave se vuelven a admitir.
delete = Eliminar
delete-help = La clave se elimina definitivamente. Su registro de auditoría se conserva.
type-name = Escriba el nombre de la clave
type-code = Escriba «{ $value }» para eliminar el grupo
confirm = Su propia clave
confirm-help = Solo es necesaria si la clave tiene o recibe un grupo que tiene acceso a estas páginas.
done-created = Se ha creado la clave.
done-updated = Se ha modificado la clave.
done-archived = Se ha archivado la clave. Las solicitudes con ella se rechazan.
done-unarchived = Se ha reactivado la clave. Las solicitudes con ella se admiten.
done-deleted = Se ha eliminado la clave.
archive-keys = { $value ->
    [one] Archivar esta clave
   *[other] Archivar estas { $value } claves
}
archive-keys-help = Las solicitudes con estas claves se rechazan de inmediato. Una clave cuyo uso se registre entretanto se queda, igual que una clave con acceso a páginas de administración. Cada clave se puede reactivar.
done-archived-keys = { $value ->
    [0] No se ha archivado ninguna clave.
    [one] Se ha archivado { $value } clave. Las solicitudes con ella se rechazan.
   *[other] Se han archivado { $value } claves. Las solicitudes con ellas se rechazan.
}
not-all-archived = No se han podido archivar todas estas claves. La lista contiene las que quedan. Vuelva a intentarlo en breve.
not-rotated = La clave recibió un nuevo valor después de abrir esta página. No se ha rotado otra vez.

## Checking a text

check-text = Comprobar un valor
check = Comprobar
check-help = ¿Se admitiría una solicitud con este valor, y si no, por qué? Una comprobación no cuenta como uso de la clave.
check-groups-help = Los grupos que pide la ruta, separados por comas. Vacío: ninguno.
caller-address = Dirección de quien llama
caller-address-help = Necesaria para una clave limitada a algunas redes.
check-admitted = Una solicitud con este valor se admite.
check-refused = Una solicitud con este valor se rechaza.
check-inside = El valor de una clave está dentro de lo que ha escrito. Un programa debe enviarlo sin nada alrededor.
check-older = La clave tiene un valor más reciente. Este es válido hasta
check-answer = Respuesta a quien llama
check-unknown = Ninguna clave tiene este valor. Busque un error de escritura y compare el valor con los fragmentos de la lista de claves.
check-unknown-issued = Ninguna clave tiene este valor. Fue emitido y no contiene errores de escritura: su clave se eliminó o se rotó, o está en otra base de datos.
check-archived-key = La clave está archivada.
check-expired-key = La clave ha caducado.
check-rotated = La clave se rotó, y este valor anterior ya no es válido.
check-archived-user = El usuario de la clave está archivado.
check-unreadable-key = Una parte de la clave no se puede leer. La página de la clave indica cuál.
check-forbidden-group = La clave no está en ninguno de estos grupos.
check-forbidden-network = La clave no es válida desde esta dirección.
check-unknown-network = La clave está limitada a algunas redes. Indique la dirección de quien llama.
check-unavailable = La clave se está modificando. Vuelva a intentarlo en breve.

## Groups and users

code = Código
code-help = El nombre que usan las rutas. Si ya existe un grupo así, se le cambia el nombre.
new-group = Crear o renombrar un grupo
operators = tiene acceso a estas páginas
change = Modificar

## Trail

when = Fecha y hora
actor = Autor
action = Acción
of = Objeto
since = Desde
changed = Modificaciones
action-created = creada
action-updated = modificada
action-rotated = rotada
action-archived = archivada
action-unarchived = reactivada
action-deleted = eliminada
action-group-created = grupo creado
action-group-updated = grupo modificado
action-group-deleted = grupo eliminado
action-user-archived = usuario archivado
action-user-unarchived = usuario reactivado
action-user-deleted = usuario eliminado
action-truncated = tabla vaciada
action-pruned = eventos antiguos eliminados
action-sign-in-refused = inicios de sesión rechazados

## Routes

path = Ruta de la URL
methods = Métodos
who = Quién puede llamar
who-key = Con clave
who-public = Con o sin clave
who-anybody = Cualquiera
handler = Controlador

## What goes wrong

failed = No se ha podido completar la operación
failed-back = No se ha modificado nada. Vuelva atrás para corregirlo.
failed-no-key = Esa clave no existe.
failed-input = Esto no se puede usar:
failed-store = El almacén de claves no responde. Vuelva a intentarlo en breve.
refused-unconfirmed = Escriba su propia clave: esta clave tiene o recibe un grupo que tiene acceso a estas páginas.
refused-form = Este formulario ya no es válido. Vuelva a cargar la página y rellénelo de nuevo.
refused-last-manager = Esta es la última clave que puede modificar algo aquí. Asigne primero el grupo a otra clave.
refused-operators-group = Las claves de este grupo tienen acceso a estas páginas. El grupo no se puede eliminar aquí.
refused-other-operators = Esto afecta a personas con acceso a otras páginas de administración. Haga este cambio allí o por línea de comandos.
refused-unknown-group = No existe el grupo «{ $value }». Corrija el código o cree antes el grupo en la página de grupos.
refused-typed-name = Lo que ha escrito no coincide. Escríbalo exactamente como aparece en la página.
refused-expiry = Indique la fecha en que caduca la clave.
refused-past-expiry = Esta fecha ya ha pasado. Indique una posterior. Para detener la clave ahora, archívela.
refused-networks = Una de las redes no se puede leer. Escríbala como 192.0.2.1 o 192.0.2.0/24.
refused-address = La dirección no se puede leer. Escríbala como 192.0.2.1.
refused-metadata = Los metadatos no se pueden leer. Escriba un objeto JSON.
refused-overlap = Elija la validez del valor anterior.
