// An OpenID Connect provider that is not meetdesk's emulator. A sign-in with a login_hint
// needs no page. For each token request, it prints a line with the grant type.
import { createServer } from 'node:http'
import Provider from 'oidc-provider'

const { ISSUER, SITE, TENANT, CLIENT_ID, CLIENT_SECRET } = process.env
const scopes = ['openid', 'profile', 'email', 'offline_access', 'User.Read', 'OnlineMeetings.ReadWrite']
const people = {
  priya: { name: 'Priya Nair', roles: ['Meetdesk.Staff'], oid: '3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e01' },
  alex: { name: 'Alex Admin', roles: ['Meetdesk.Admin'], oid: '3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e04' },
  sam: { name: 'Sam Cole', roles: [], oid: '3a1c0f52-6d3e-4b7a-9d54-1f0c6a2b8e05' },
}

const provider = new Provider(ISSUER, {
  clients: [{
    client_id: CLIENT_ID, client_secret: CLIENT_SECRET, token_endpoint_auth_method: 'client_secret_post',
    grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'],
    redirect_uris: [`${SITE}/auth/callback`], post_logout_redirect_uris: [`${SITE}/auth/signed-out`],
  }],
  scopes,
  claims: { openid: ['sub', 'sid'], profile: ['name', 'oid', 'preferred_username', 'roles', 'tid'], email: ['email'] },
  conformIdTokenClaims: false, // the ID token has the claims of the scopes, as Microsoft's has
  findAccount: (_, id) => people[id] && {
    accountId: id,
    claims: () => ({ sub: id, tid: TENANT, preferred_username: `${id}@contoso.example`, email: `${id}@contoso.example`, ...people[id] }),
  },
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId })
    grant.addOIDCScope(scopes.join(' '))
    await grant.save()
    return grant
  },
  issueRefreshToken: async (_, client) => client.grantTypeAllowed('refresh_token'),
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  cookies: { keys: ['a key for tests only'] },
})
provider.proxy = true
provider.on('grant.success', (ctx) => console.log(`grant ${ctx.oidc.params.grant_type}`))
provider.on('grant.error', (ctx, err) => console.log(`error ${err.message} ${err.error_description}`))
provider.on('server_error', (_, err) => console.log(`error ${err.stack}`))

const callback = provider.callback()
const server = createServer(async (req, res) => {
  if (!req.url.startsWith('/interaction/')) return callback(req, res)
  const { params } = await provider.interactionDetails(req, res)
  console.log(`asked ${params.login_hint}`)
  if (!params.login_hint) return res.end('Sign in')
  return provider.interactionFinished(req, res, { login: { accountId: params.login_hint.split('@')[0] } })
})
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`))
