# French: see en.ftl.

## Around each page

title = Clés d’API
skip = Aller au contenu
menu = Menu
language = Langue
choose = Choisir
sign-in = Se connecter
sign-out = Se déconnecter
your-key = Votre clé d’API
your-code = Code affiché par la ligne de commande
viewer = lecture seule
viewer-help = Vous pouvez consulter ces pages, mais pas y apporter des modifications.
read-only = Ces clés sont modifiées ailleurs. Ces pages permettent seulement de les consulter.
sign-in-refused = Cette clé n’est pas valide.
sign-in-not-an-operator = Cette clé ne donne pas accès à ces pages.
sign-in-unavailable = Impossible de vérifier les clés pour le moment. Réessayez dans quelques instants.
sign-in-code-refused = Ce code n’est pas valide ou a déjà servi. Relancez la commande.
sign-in-too-many = Trop de clés venant de votre adresse ont été refusées. Réessayez dans une minute.

## Lists

keys = Clés
expiring-soon = Expirent bientôt
groups = Groupes
users = Utilisateurs
trail = Journal d’audit
routes = Routes
search = Rechercher
search-help = Un ou deux caractères doivent être au début d’un nom ou d’un extrait. Davantage peuvent être n’importe où.
any = Indifférent
show = Afficher
next-page = Page suivante
order = Tri
by-name = Par nom
by-use = Inutilisées depuis le plus longtemps d’abord
expiring = Expiration
unused = Inutilisée depuis
within-days = { $value ->
    [one] sous { $value } jour
   *[other] sous { $value } jours
}
no-keys = Aucune clé trouvée.
list-goes-on = La liste est longue. D’autres clés de ce type peuvent se trouver sur la page suivante.
uses-not-recorded = On ne sait pas quelles clés n’ont pas été utilisées depuis si longtemps, car les utilisations ne sont pas enregistrées depuis si longtemps. Choisissez une durée plus courte ou revenez plus tard.
uses-recorded-since = Les utilisations sont enregistrées depuis le
no-groups = Il n’y a aucun groupe.
no-users = Il n’y a aucun utilisateur.
no-events = Il n’y a pas d’événement de ce type.
no-trail = Ce stockage ne tient pas de journal d’audit.
no-routes = Le programme n’affiche aucune route ici.
keys-many = plus de 1 000 clés
keys-count = { $value ->
    [one] { $value } clé
   *[other] { $value } clés
}

## Keys

key = Clé
name = Nom
user = Utilisateur
group = Groupe
state = État
active = Active
archived = Archivée
expired = Expirée
user-active = Actif
user-archived = Archivé
hint = Extrait
networks = Réseaux
any-network = Tous les réseaux
expires = Expiration
never = Jamais
never-expires = Cette clé n’expire jamais.
last-used = Dernière utilisation
not-used = Non enregistrée
created = Création
technical-name = Nom technique
metadata = Métadonnées
damage = Dommage

## One key

new-key = Nouvelle clé
create = Créer la clé
name-help = À qui appartient la clé, par exemple « boutique ». Deux clés ne peuvent pas porter le même nom.
user-help = L’utilisateur pour lequel la clé agit, tel que votre programme le désigne.
groups-help = Codes séparés par des virgules. Ils déterminent les routes que la clé peut appeler.
routes-ask-for = Les routes demandent :
networks-help = Adresses ou réseaux depuis lesquels la clé peut être utilisée, séparés par des virgules. Vide : tous.
expiry-help = Dernier jour où la clé fonctionne. Vide : jamais d’expiration.
more = Plus
prefix = Préfixe
prefix-help = Le début du texte. Vide : « key ».
technical-name-help = La section de la clé dans une configuration. Vide : aucune.
metadata-help = Ce que votre programme veut savoir de la clé, sous forme d’objet JSON. N’y mettez aucun secret.
given-text = Texte que des programmes utilisent déjà
given-text-help = Vide : la clé reçoit un nouveau texte.
in-days = { $value ->
    [one] dans { $value } jour
   *[other] dans { $value } jours
}
on-day = À une date précise
day = Date
created-key = La clé « { $value } » a été créée
rotated = La clé « { $value } » a une nouvelle valeur
still-refused = Les requêtes avec cette clé sont toujours refusées :
shown-once = Copiez la valeur maintenant. Elle ne sera plus affichée.
new-text = Valeur de la clé
copy = Copier
copied = Copié
to-key = Voir la clé
edit = Modifier
save = Enregistrer
rotate = Régénérer
rotate-help = La clé reçoit une nouvelle valeur. La précédente reste valable un certain temps, pour laisser aux programmes le temps de changer. Si un tiers la possède, choisissez la durée nulle.
overlap = Durée de validité de la valeur précédente
overlap-none = aucune
hours = { $value ->
    [one] { $value } heure
   *[other] { $value } heures
}
days = { $value ->
    [one] { $value } jour
   *[other] { $value } jours
}
archive = Archiver
archive-help = Les requêtes avec cette clé sont aussitôt refusées. La clé peut être réactivée.
unarchive = Réactiver
unarchive-help = Les requêtes avec cette clé sont de nouveau acceptées.
delete = Supprimer
delete-help = La clé est supprimée définitivement. Son journal d’audit est conservé.
type-name = Saisissez le nom de la clé
type-code = Saisissez « { $value } » pour supprimer le groupe
confirm = Votre propre clé
confirm-help = Nécessaire uniquement si la clé a ou reçoit un groupe qui donne accès à ces pages.
done-created = La clé a été créée.
done-updated = La clé a été modifiée.
done-archived = La clé a été archivée. Les requêtes avec cette clé sont refusées.
done-unarchived = La clé a été réactivée. Les requêtes avec cette clé sont acceptées.
done-deleted = La clé a été supprimée.
archive-keys = { $value ->
    [one] Archiver cette clé
   *[other] Archiver ces { $value } clés
}
archive-keys-help = Les requêtes avec ces clés sont aussitôt refusées. Une clé dont une utilisation est enregistrée entre-temps reste, tout comme une clé qui donne accès à des pages d’administration. Chaque clé peut être réactivée.
done-archived-keys = { $value ->
    [0] Aucune clé n’a été archivée.
    [one] { $value } clé a été archivée. Les requêtes avec cette clé sont refusées.
   *[other] { $value } clés ont été archivées. Les requêtes avec ces clés sont refusées.
}
not-all-archived = Toutes ces clés n’ont pas pu être archivées. La liste contient celles qui restent. Réessayez dans quelques instants.
not-rotated = La clé a reçu une nouvelle valeur après l’ouverture de cette page. Elle n’a pas été régénérée une seconde fois.

## Checking a text

check-text = Vérifier une valeur
check = Vérifier
check-help = Une requête avec cette valeur serait-elle acceptée, et sinon, pourquoi ? Une vérification ne compte pas comme une utilisation de la clé.
check-groups-help = Les groupes que la route demande, séparés par des virgules. Vide : aucun.
caller-address = Adresse de l’appelant
caller-address-help = Nécessaire pour une clé limitée à certains réseaux.
check-admitted = Une requête avec cette valeur est acceptée.
check-refused = Une requête avec cette valeur est refusée.
check-inside = La valeur d’une clé se trouve dans votre saisie. Un programme doit l’envoyer sans rien autour.
check-older = La clé a une valeur plus récente. Celle-ci est valable jusqu’au
check-answer = Réponse à l’appelant
check-unknown = Aucune clé n’a cette valeur. Cherchez une faute de frappe et comparez la valeur avec les extraits dans la liste des clés.
check-unknown-issued = Aucune clé n’a cette valeur. Elle a été émise et ne contient pas de faute de frappe : sa clé a été supprimée ou régénérée, ou se trouve dans une autre base de données.
check-archived-key = La clé est archivée.
check-expired-key = La clé a expiré.
check-rotated = La clé a été régénérée, et cette ancienne valeur n’est plus valable.
check-archived-user = L’utilisateur de la clé est archivé.
check-unreadable-key = Une partie de la clé est illisible. La page de la clé indique laquelle.
check-forbidden-group = La clé n’appartient à aucun de ces groupes.
check-forbidden-network = La clé n’est pas valable depuis cette adresse.
check-unknown-network = La clé est limitée à certains réseaux. Indiquez l’adresse de l’appelant.
check-unavailable = La clé est en cours de modification. Réessayez dans quelques instants.

## Groups and users

code = Code
code-help = Le nom qu’utilisent les routes. Si un groupe a déjà ce code, il est renommé.
new-group = Créer ou renommer un groupe
operators = donne accès à ces pages
change = Modifier

## Trail

when = Date
actor = Auteur
action = Action
of = Objet
since = Depuis le
changed = Modifications
action-created = créée
action-updated = modifiée
action-rotated = régénérée
action-archived = archivée
action-unarchived = réactivée
action-deleted = supprimée
action-group-created = groupe créé
action-group-updated = groupe modifié
action-group-deleted = groupe supprimé
action-user-archived = utilisateur archivé
action-user-unarchived = utilisateur réactivé
action-user-deleted = utilisateur supprimé
action-truncated = table vidée
action-pruned = anciens événements supprimés
action-sign-in-refused = connexions refusées

## Routes

path = Chemin
methods = Méthodes
who = Appel autorisé
who-key = Avec une clé
who-public = Avec ou sans clé
who-anybody = À tous
handler = Gestionnaire

## What goes wrong

failed = L’opération a échoué
failed-back = Rien n’a été modifié. Revenez en arrière pour corriger.
failed-no-key = Cette clé n’existe pas.
failed-input = Cette saisie ne peut pas être utilisée :
failed-store = Le stockage des clés ne répond pas. Réessayez dans quelques instants.
refused-unconfirmed = Saisissez votre propre clé : cette clé a ou reçoit un groupe qui donne accès à ces pages.
refused-form = Ce formulaire n’est plus valide. Rechargez la page et remplissez-le de nouveau.
refused-last-manager = C’est la dernière clé qui permet de modifier quelque chose ici. Attribuez d’abord le groupe à une autre clé.
refused-operators-group = Ce groupe donne accès à ces pages. Il ne peut pas être supprimé ici.
refused-other-operators = Cela concerne des personnes qui ont accès à d’autres pages d’administration. Faites cette modification là-bas ou en ligne de commande.
refused-unknown-group = Le groupe « { $value } » n’existe pas. Corrigez le code ou créez d’abord le groupe sur la page des groupes.
refused-typed-name = Votre saisie ne correspond pas. Saisissez exactement ce que la page affiche.
refused-expiry = Indiquez la date d’expiration de la clé.
refused-past-expiry = Cette date est passée. Indiquez une date ultérieure. Pour arrêter la clé maintenant, archivez-la.
refused-networks = L’un des réseaux est illisible. Écrivez-le sous la forme 192.0.2.1 ou 192.0.2.0/24.
refused-address = L’adresse est illisible. Écrivez-la sous la forme 192.0.2.1.
refused-metadata = Les métadonnées sont illisibles. Écrivez un objet JSON.
refused-overlap = Choisissez la durée de validité de la valeur précédente.
