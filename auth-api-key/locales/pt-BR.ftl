# Brazilian Portuguese: see en.ftl.

## Around each page

title = Chaves de API
skip = Ir para o conteúdo
menu = Menu
language = Idioma
choose = Escolher
sign-in = Entrar
sign-out = Sair
your-key = Sua chave de API
your-code = Código da linha de comando
viewer = somente leitura
viewer-help = Você pode ver estas páginas, mas não alterar nada.
read-only = Estas chaves são alteradas em outro lugar. Estas páginas apenas as mostram.
sign-in-refused = Esta chave não é válida.
sign-in-not-an-operator = Esta chave não tem acesso a estas páginas.
sign-in-unavailable = No momento, não é possível verificar as chaves. Tente novamente em breve.
sign-in-code-refused = Este código não é válido ou já foi usado. Execute o comando novamente.
sign-in-too-many = Muitas chaves do seu endereço foram recusadas. Tente novamente em um minuto.

## Lists

keys = Chaves
expiring-soon = Expiram em breve
groups = Grupos
users = Usuários
trail = Trilha de auditoria
routes = Rotas
search = Pesquisar
search-help = Um ou dois caracteres devem estar no início de um nome ou de um trecho. Mais podem estar em qualquer parte.
any = Qualquer
show = Mostrar
next-page = Próxima página
order = Ordem
by-name = Por nome
by-use = Primeiro as que estão há mais tempo sem uso
expiring = Expiração
unused = Sem uso há
within-days = { $value ->
    [one] em até { $value } dia
   *[other] em até { $value } dias
}
no-keys = Nenhuma chave encontrada.
list-goes-on = A lista é longa. Pode haver mais chaves deste tipo na próxima página.
uses-not-recorded = Não se sabe quais chaves não foram usadas por tanto tempo, pois os usos não são registrados há tanto tempo. Escolha um período mais curto ou volte mais tarde.
uses-recorded-since = Os usos são registrados desde
no-groups = Não há grupos.
no-users = Não há usuários.
no-events = Não há eventos desse tipo.
no-trail = Este armazenamento não mantém trilha de auditoria.
no-routes = O programa não mostra rotas aqui.
keys-many = mais de 1.000 chaves
keys-count = { $value ->
    [one] { $value } chave
   *[other] { $value } chaves
}

## Keys

key = Chave
name = Nome
user = Usuário
group = Grupo
state = Status
active = Ativa
archived = Arquivada
expired = Expirada
user-active = Ativo
user-archived = Arquivado
hint = Trecho
networks = Redes
any-network = Qualquer rede
expires = Expiração
never = Nunca
never-expires = Esta chave nunca expira.
last-used = Último uso
not-used = Não registrado
created = Criação
technical-name = Nome técnico
metadata = Metadados
damage = Dano

## One key

new-key = Nova chave
create = Criar a chave
name-help = De quem é a chave, por exemplo, “loja”. Duas chaves não podem ter o mesmo nome.
user-help = O usuário em nome do qual a chave age, como o seu programa o chama.
groups-help = Códigos separados por vírgulas. Eles definem quais rotas a chave pode chamar.
routes-ask-for = As rotas pedem:
networks-help = Endereços ou redes de onde a chave pode ser usada, separados por vírgulas. Vazio: qualquer um.
expiry-help = O último dia em que a chave funciona. Vazio: nunca expira.
more = Mais
prefix = Prefixo
prefix-help = Com que o texto começa. Vazio: “key”.
technical-name-help = A seção da chave em uma configuração. Vazio: nenhuma.
metadata-help = O que o seu programa quer saber da chave, como objeto JSON. Não escreva segredos neles.
given-text = Texto que programas já usam
given-text-help = Vazio: a chave recebe um novo texto.
in-days = { $value ->
    [one] em { $value } dia
   *[other] em { $value } dias
}
on-day = Em uma data específica
day = Data
created-key = A chave “{ $value }” foi criada
rotated = A chave “{ $value }” tem um novo valor
still-refused = As requisições com esta chave continuam sendo recusadas:
shown-once = Copie o valor agora. Ele não será mostrado novamente.
new-text = Valor da chave
copy = Copiar
copied = Copiado
to-key = Ir para a chave
edit = Editar
save = Salvar
rotate = Rotacionar
rotate-help = A chave recebe um novo valor. O anterior continua funcionando por um tempo, para que os programas possam fazer a troca. Se outra pessoa o tiver, não deixe nenhum prazo.
overlap = Validade do valor anterior
overlap-none = nenhuma
hours = { $value ->
    [one] { $value } hora
   *[other] { $value } horas
}
days = { $value ->
    [one] { $value } dia
   *[other] { $value } dias
}
archive = Arquivar
archive-help = As requisições com esta chave são recusadas imediatamente. A chave pode ser reativada.
unarchive = Reativar
unarchive-help = As requisições com esta chave voltam a ser aceitas.
delete = Excluir
delete-help = A chave é excluída definitivamente. Sua trilha de auditoria é mantida.
type-name = Digite o nome da chave
type-code = Digite “{ $value }” para excluir o grupo
confirm = Sua própria chave
confirm-help = Necessária apenas se a chave tem ou recebe um grupo que tem acesso a estas páginas.
done-created = A chave foi criada.
done-updated = A chave foi alterada.
done-archived = A chave foi arquivada. As requisições com ela são recusadas.
done-unarchived = A chave foi reativada. As requisições com ela são aceitas.
done-deleted = A chave foi excluída.
archive-keys = { $value ->
    [one] Arquivar esta chave
   *[other] Arquivar estas { $value } chaves
}
archive-keys-help = As requisições com estas chaves são recusadas imediatamente. Uma chave cujo uso for registrado nesse meio-tempo permanece, assim como uma chave com acesso a páginas de administração. Cada chave pode ser reativada.
done-archived-keys = { $value ->
    [0] Nenhuma chave foi arquivada.
    [one] { $value } chave foi arquivada. As requisições com ela são recusadas.
   *[other] { $value } chaves foram arquivadas. As requisições com elas são recusadas.
}
not-all-archived = Nem todas estas chaves puderam ser arquivadas. A lista contém as que restam. Tente novamente em breve.
not-rotated = A chave recebeu um novo valor depois que esta página foi aberta. Ela não foi rotacionada outra vez.

## Checking a text

check-text = Verificar um valor
check = Verificar
check-help = Uma requisição com este valor seria aceita e, se não, por quê? Uma verificação não conta como uso da chave.
check-groups-help = Os grupos que a rota pede, separados por vírgulas. Vazio: nenhum.
caller-address = Endereço de quem chama
caller-address-help = Necessário para uma chave limitada a algumas redes.
check-admitted = Uma requisição com este valor é aceita.
check-refused = Uma requisição com este valor é recusada.
check-inside = O valor de uma chave está dentro do que você digitou. Um programa deve enviá-lo sem nada em volta.
check-older = A chave tem um valor mais recente. Este vale até
check-answer = Resposta a quem chama
check-unknown = Nenhuma chave tem este valor. Procure um erro de digitação e compare o valor com os trechos na lista de chaves.
check-unknown-issued = Nenhuma chave tem este valor. Ele foi emitido e não contém erro de digitação: sua chave foi excluída ou rotacionada, ou está em outro banco de dados.
check-archived-key = A chave está arquivada.
check-expired-key = A chave expirou.
check-rotated = A chave foi rotacionada, e este valor anterior não vale mais.
check-archived-user = O usuário da chave está arquivado.
check-unreadable-key = Uma parte da chave não pode ser lida. A página da chave diz qual.
check-forbidden-group = A chave não está em nenhum destes grupos.
check-forbidden-network = A chave não vale a partir deste endereço.
check-unknown-network = A chave é limitada a algumas redes. Informe o endereço de quem chama.
check-unavailable = A chave está sendo alterada. Tente novamente em breve.

## Groups and users

code = Código
code-help = O nome que as rotas usam. Se o grupo já existir, ele será renomeado.
new-group = Criar ou renomear um grupo
operators = tem acesso a estas páginas
change = Alterar

## Trail

when = Data e hora
actor = Autor
action = Ação
of = Objeto
since = Desde
changed = Alterações
action-created = criada
action-updated = alterada
action-rotated = rotacionada
action-archived = arquivada
action-unarchived = reativada
action-deleted = excluída
action-group-created = grupo criado
action-group-updated = grupo alterado
action-group-deleted = grupo excluído
action-user-archived = usuário arquivado
action-user-unarchived = usuário reativado
action-user-deleted = usuário excluído
action-truncated = tabela esvaziada
action-pruned = eventos antigos excluídos
action-sign-in-refused = entradas recusadas

## Routes

path = Caminho
methods = Métodos
who = Quem pode chamar
who-key = Com chave
who-public = Com ou sem chave
who-anybody = Qualquer um
handler = Manipulador

## What goes wrong

failed = Não foi possível concluir a operação
failed-back = Nada foi alterado. Volte para corrigir.
failed-no-key = Esta chave não existe.
failed-input = Isto não pode ser usado:
failed-store = O armazenamento de chaves não responde. Tente novamente em breve.
refused-unconfirmed = Digite sua própria chave: esta chave tem ou recebe um grupo que tem acesso a estas páginas.
refused-form = Este formulário não é mais válido. Recarregue a página e preencha-o novamente.
refused-last-manager = Esta é a última chave que pode alterar algo aqui. Primeiro, atribua o grupo a outra chave.
refused-operators-group = As chaves deste grupo têm acesso a estas páginas. O grupo não pode ser excluído aqui.
refused-other-operators = Isto diz respeito a pessoas com acesso a outras páginas de administração. Faça esta alteração lá ou pela linha de comando.
refused-unknown-group = O grupo “{ $value }” não existe. Corrija o código ou crie antes o grupo na página de grupos.
refused-typed-name = O que você digitou não confere. Digite exatamente como a página mostra.
refused-expiry = Informe a data em que a chave expira.
refused-past-expiry = Esta data já passou. Informe uma posterior. Para interromper a chave agora, arquive-a.
refused-networks = Não foi possível ler uma das redes. Escreva-a como 192.0.2.1 ou 192.0.2.0/24.
refused-address = Não foi possível ler o endereço. Escreva-o como 192.0.2.1.
refused-metadata = Não foi possível ler os metadados. Escreva um objeto JSON.
refused-overlap = Escolha a validade do valor anterior.
