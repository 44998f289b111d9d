package demo

import "meetdesk/emulator"

// UPNs of the demo's people.
const (
	Priya = "priya@contoso.example"
	Tomas = "tomas@contoso.example"
	Dana  = "dana@contoso.example"
	Alex  = "alex@contoso.example"
)

const (
	lisbon   = "Europe/Lisbon"
	saoPaulo = "America/Sao_Paulo"
)

// history lists the forms that seed submits, oldest first.
var history = []act{
	{by: Priya, daysAgo: 5, at: "09:12", ticket: "INC0012301", subject: "Laptop does not wake from sleep", ahead: -4, start: "10:00", minutes: 30, zone: lisbon,
		people: []string{"Dana Whitfield <dana@contoso.example>"}},
	{by: Tomas, daysAgo: 5, at: "13:40", ticket: "REQ0004410", subject: "Acesso à pasta compartilhada do setor de compras", ahead: -3, start: "11:00", minutes: 30, zone: saoPaulo,
		people: []string{"Priya Nair <priya@contoso.example>"}},
	{by: Dana, daysAgo: 4, at: "10:05", ticket: "CHG-2231", subject: "Walk-through of the new telephone system", ahead: 2, start: "14:00", minutes: 60, zone: lisbon,
		people: []string{"Priya Nair <priya@contoso.example> presenter", "Alex Admin <alex@contoso.example>"}},
	{by: Priya, daysAgo: 4, at: "15:31", ticket: "INC0012322", subject: "VPN drops every afternoon", ahead: -2, start: "16:00", minutes: 45, zone: lisbon,
		people: []string{"tomas@contoso.example"}},
	{by: Tomas, daysAgo: 3, at: "12:20", ticket: "INC0012330", subject: "Impressora do 3º andar não imprime frente e verso", ahead: 0, start: "15:30", minutes: 15, zone: saoPaulo},
	{by: Priya, daysAgo: 2, at: "08:50", ticket: "HR-1187", subject: "Return to work: equipment and access", ahead: 1, start: "09:30", minutes: 30, zone: lisbon,
		people: []string{"Alex Admin <alex@contoso.example>"}},
	{by: Priya, daysAgo: 2, at: "11:02", ticket: "INC0012322", subject: "VPN drops every afternoon: second look", ahead: 1, start: "16:00", minutes: 30, zone: lisbon},
	{by: Tomas, daysAgo: 2, at: "17:45", ticket: "REQ0004423", subject: "Instalação do leitor de cartões", ahead: 3, start: "09:00", minutes: 30, zone: saoPaulo,
		people: []string{"Dana Whitfield <dana@contoso.example>"}},
	{by: Alex, daysAgo: 1, at: "08:30", ticket: "CHG-2240", subject: "Microsoft 365 sign-in: what changes in spring", ahead: 3, start: "13:00", minutes: 60, zone: lisbon,
		people: []string{"Dana Whitfield <dana@contoso.example> coorganizer", "Priya Nair <priya@contoso.example>", "Tomás Oliveira <tomas@contoso.example>"}},
	{by: Dana, organizer: Tomas, daysAgo: 1, at: "08:50", ticket: "INC0012347", subject: "Leitor de tela no portal de fornecedores", ahead: 2, start: "14:00", minutes: 30, zone: saoPaulo,
		people: []string{"Dana Whitfield <dana@contoso.example>"}},
	{by: Dana, daysAgo: 1, at: "09:15", ticket: "INC0012344", subject: "Screen reader and the time sheet", ahead: 1, start: "11:00", minutes: 45, zone: lisbon,
		people: []string{"Priya Nair <priya@contoso.example>"}},
	{by: Priya, daysAgo: 1, at: "14:26", ticket: "INC0012351", subject: "Shared mailbox shows no new mail", ahead: 2, start: "10:30", minutes: 30, zone: lisbon,
		people: []string{"Dana Whitfield <dana@contoso.example>"},
		fail:   &emulator.Failure{Status: 403, Code: "Forbidden"}},
	{by: Priya, daysAgo: 1, at: "16:03", ticket: "INC0012322~2", subject: "VPN drops every afternoon: after the update", ahead: 4, start: "15:00", minutes: 30, zone: lisbon,
		people: []string{"tomas@contoso.example"}},
}
