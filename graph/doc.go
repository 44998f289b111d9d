// Package graph is the Microsoft Graph client: the wire form of an online
// meeting, the tries and waits of a call, and what a failure means. It owns no
// tokens and no history, and knows nothing of sign-in, the database or pages.
package graph
