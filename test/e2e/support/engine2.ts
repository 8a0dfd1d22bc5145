// n8n's Engine 2.0 (module `engine-v2`): how it is switched on, and how a step of it is dispatched a second time.
import { createHmac } from 'node:crypto';
import type { Workflow } from './examples';
import { freePort } from './ports';
import type { Services } from './services';

const secret = 'the engine and the control plane share this secret';
const database = 'engine2';

/** A workflow that Engine 2.0 runs. */
export const onEngine2 = <T extends Workflow>(workflow: T): T => ({
	...workflow,
	settings: { ...workflow.settings, engineType: 'v2' },
});

/** Environment of an n8n with Engine 2.0. n8n and the engine each get a database of PostgreSQL. */
export async function engine2Env(services: Services): Promise<Record<string, string>> {
	await services.createDatabase(database);
	await services.createDatabase('engine2_n8n');
	return {
		N8N_ENABLED_MODULES: 'engine-v2',
		N8N_ENGINE_DATABASE_URL: `postgres://${services.postgresUser}:none@127.0.0.1:${services.postgresPort}/${database}`,
		N8N_ENGINE_AUTH_SECRET: secret,
		N8N_ENGINE_HOST: '127.0.0.1',
		N8N_ENGINE_PORT: String(await freePort()),
		N8N_ENGINE_CONTROL_PLANE_PORT: String(await freePort()),
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(services.postgresPort),
		DB_POSTGRESDB_DATABASE: 'engine2_n8n',
		DB_POSTGRESDB_USER: services.postgresUser,
		DB_POSTGRESDB_PASSWORD: 'none',
	};
}

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What n8n shows its engine to be let in. */
function token(): string {
	const iat = Math.floor(Date.now() / 1000);
	const claims = {
		...{ sub: 'n8n', tenant_id: 'n8n', iat, exp: iat + 60 },
		...{ iss: 'n8n-cp', aud: 'n8n-engine-dp' },
	};
	const signed = `${base64({ alg: 'HS256', typ: 'JWT' })}.${base64(claims)}`;
	return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** Has the engine run an execution that it lost again, under the same ID: its reconciler, which is to come, will do that. */
export async function dispatchAgain(
	services: Services,
	env: Record<string, string>,
	executionId: string,
): Promise<void> {
	const where = `where id = '${executionId}' and status = 'running'`;
	const [row] = await services.query(
		database,
		`select json_build_object('executionId', id, 'workflowId', workflow_id, 'graph', graph, 'workflow', workflow,
			'triggerOutputs', trigger_outputs, 'mode', mode, 'callerContext', caller_context) from workflow_execution ${where}`,
	);
	await services.query(database, `delete from workflow_execution ${where}`);
	const url = `http://127.0.0.1:${env.N8N_ENGINE_PORT}/api/workflow-executions`;
	const answer = await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json', authorization: `Bearer ${token()}` },
		body: row,
	});
	if (!answer.ok) throw new Error(`The engine answered ${answer.status}: ${await answer.text()}`);
}
