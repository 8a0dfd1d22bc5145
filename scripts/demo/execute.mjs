// Runs one stored workflow with n8n's command line, without an editor. All that n8n prints stays in a log file; for a failure
// the one sentence that counts is taken out of it.
import { lastLine, LabError, runStep } from '../lab/run.mjs';

/** n8n prints an execution, good or bad, as indented JSON among its log lines. */
const printed = /^\{\r?\n[\s\S]*?^\}/m;

/** @param {string} output @returns {any} the execution, nothing when there is none */
export function executionIn(output) {
	const text = printed.exec(output)?.[0];
	try {
		return text === undefined ? undefined : JSON.parse(text);
	} catch {
		return undefined;
	}
}

/**
 * Which node failed, and why.
 * @param {string} output of `n8n execute`
 * @returns {string}
 */
export function explainExecution(output) {
	const { error, lastNodeExecuted } = executionIn(output)?.data?.resultData ?? {};
	if (typeof error?.message === 'string') {
		const node = error.node?.name ?? lastNodeExecuted;
		const reason = [error.message, error.description].filter(Boolean).join(' ');
		return node ? `the node '${node}' says: ${reason}` : reason;
	}
	// What went wrong before any node ran stands under a ruler.
	const lines = output.trim().split(/\r?\n/);
	const ruler = lines.findLastIndex((line) => /^={10,}$/.test(line));
	return (ruler >= 0 && lines[ruler + 1]?.trim()) || lastLine(output);
}

/**
 * @param {object} run
 * @param {string} run.title as the user reads it
 * @param {typeof import('../../test/e2e/support/index')} run.support
 * @param {import('../../test/e2e/support/index').CliTarget} run.target
 * @param {string} run.id of the workflow
 * @param {number} run.timeoutMs
 * @returns {Promise<import('../../test/e2e/support/index').Execution>}
 */
export async function executeExample({ title, support, target, id, timeoutMs }) {
	const { install, userFolder } = target;
	const output = await runStep({
		title,
		log: 'n8n-execute',
		command: install.node,
		args: [support.n8nScript(install), 'execute', `--id=${id}`, '--rawOutput'],
		cwd: userFolder,
		environment: support.n8nEnvironment(userFolder, {
			N8N_RUNNERS_BROKER_PORT: String(await support.freePort()),
		}),
		timeoutMs,
		explain: explainExecution,
	});
	const execution = executionIn(output);
	if (!execution) throw new LabError(`n8n printed no execution: ${lastLine(output)}`);
	return execution;
}
