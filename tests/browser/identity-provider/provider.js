// A real OpenID provider: oidc-provider, OpenID-certified, with its own pages. provider.js REDIRECT_URI CLOCK_OFFSET_FILE prints its
// issuer once it listens.
import { readFileSync } from 'node:fs'
import http from 'node:http'

const [redirectUri, clockOffset] = process.argv.slice(2)

// The clock of the local stack, which moves from night to night.
const system = Date.now
Date.now = () => system() + Number(readFileSync(clockOffset, 'utf8')) * 1000

const { default: Provider } = await import('oidc-provider')

const server = http.createServer()
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'kitera', client_secret: 'secret-of-the-browser-test', redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    cookies: { keys: ['of-the-browser-test'] },
    pkce: { required: () => true },
    // What somebody types as their login is their address.
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: id, email_verified: true }),
    }),
  })
  server.on('request', provider.callback())
  console.log(issuer)
})
