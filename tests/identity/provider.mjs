// An OpenID Connect provider of others (npm oidc-provider), with the people and keys that a test gives it.
//
//     node provider.mjs ENTRY < SETTINGS.json
//
// It speaks in its own terms, as providers do: roles are called in Vietnamese and stand within another
// claim, and so does the code of the agency. GET /asked tells how often its keys were asked for since then.
import http from 'node:http'
import process from 'node:process'
import { text } from 'node:stream/consumers'

const { Provider } = await import(process.argv[2])
const { port, keys, people, programs } = JSON.parse(await text(process.stdin))
const AUDIENCE = 'urn:cchc:api'
const server = http.createServer()
await new Promise((listening) => server.listen(port, '127.0.0.1', listening))
const issuer = `http://127.0.0.1:${server.address().port}`
const claimsOf = (id) => people[id] ?? programs[id]
let asked = 0

const provider = new Provider(issuer, {
  jwks: { keys },
  clients: [
    {
      client_id: 'cchc-cli', application_type: 'native', token_endpoint_auth_method: 'none',
      redirect_uris: ['http://127.0.0.1/signed-in'], response_types: ['code'], grant_types: ['authorization_code'],
      id_token_signed_response_alg: 'ES256',
    },
    ...Object.keys(programs).map((id) => ({
      client_id: id, client_secret: `secret of ${id}`, redirect_uris: [], response_types: [],
      grant_types: ['client_credentials'], id_token_signed_response_alg: 'ES256',
    })),
  ],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => AUDIENCE,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({ scope: '', audience: AUDIENCE, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } }),
    },
  },
  pkce: { required: () => true },
  findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id }) },
  extraTokenClaims: (_, token) => claimsOf(token.accountId ?? token.clientId),
  interactions: { url: (_, { uid }) => `/sign-in/${uid}` },
  cookies: { keys: ['a secret of the tests'] },
  // Its people have agreed to the one system that they sign in to.
  loadExistingGrant: async (ctx) => {
    const { client, session } = ctx.oidc
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
    grant.addOIDCScope('openid')
    grant.addResourceScope(AUDIENCE, '')
    await grant.save()
    return grant
  },
})
const answer = provider.callback()

server.on('request', async (request, response) => {
  const { pathname } = new URL(request.url, issuer)
  asked += pathname === '/jwks'
  if (pathname === '/asked') {
    response.end(String(asked))
    asked = 0
    return
  }
  if (!pathname.startsWith('/sign-in/')) return answer(request, response)
  if (request.method === 'POST') {
    const login = { accountId: new URLSearchParams(await text(request)).get('who') }
    // Of a program on their machine people are asked each time whether it is theirs.
    return provider.interactionFinished(request, response, { login, consent: {} }, { mergeWithLastSubmission: false })
  }
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.end('<!doctype html><title>Đăng nhập</title><form method="post"><input name="who"></form>')
})
console.log(issuer)
