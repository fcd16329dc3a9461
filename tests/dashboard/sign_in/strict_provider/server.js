// The certified OpenID provider that tests sign in with: PKCE required, claims of the address from
// userinfo only, its own pages for login and consent. Usage: node server.js PORT REDIRECT_URI CLIENT SECRET
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(`${process.env.STRICT_PROVIDER_MODULES}/x.js`));
const { Provider } = await import(pathToFileURL(require.resolve("oidc-provider")).href);
const [port, redirectUri, clientId, clientSecret] = process.argv.slice(2);
const provider = new Provider(`http://localhost:${port}`, {
  clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  cookies: { keys: ["of a test"] },
  pkce: { required: () => true },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@example.org`, email_verified: true }),
  }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
