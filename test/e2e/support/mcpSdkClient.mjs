// A client of the real Model Context Protocol SDK, in a process of its own so that it can be killed: node mcpSdkClient.mjs
// FOLDER URL TRANSPORT. The SDK is the one that n8n in FOLDER has beside it. One JSON line in, {id, name, args}, calls a tool,
// or lists the tools where there is no name; one line out, {id, result} or {id, error}. The first line out is {ready}.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const [folder, url, transport] = process.argv.slice(2);
const require = createRequire(join(folder, 'node_modules', 'n8n', 'package.json'));
const sdk = (path) => require(`@modelcontextprotocol/sdk/client/${path}.js`);
const { Client } = sdk('index');
const { StreamableHTTPClientTransport } = sdk('streamableHttp');
const { SSEClientTransport } = sdk('sse');

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const client = new Client({ name: 'test', version: '1.0.0' });
const Transport = transport === 'sse' ? SSEClientTransport : StreamableHTTPClientTransport;
await client.connect(new Transport(new URL(url)));
say({ ready: true });

for await (const line of createInterface({ input: process.stdin })) {
	const { id, name, args } = JSON.parse(line);
	// With the SDK's own patience: 60 seconds.
	const work = name === undefined ? client.listTools() : client.callTool({ name, arguments: args });
	work.then(
		(result) => say({ id, result }),
		(error) => say({ id, error: String(error.message) }),
	);
}
await client.close();
