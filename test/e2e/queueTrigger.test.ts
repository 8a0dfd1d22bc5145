// Wan Video Trigger in queue mode: main and the webhook process both take callbacks, and share only the database.
import { startStackWorld, type StackWorld } from './support/n8nStackWorld';
import { freshFolder, prepared } from './support/prepared';
import { itemsOf } from './support/runData';
import { startServices, type Services } from './support/services';
import { storeTrigger, submitWorkflow, triggerWorkflow } from './support/triggers';
import { until } from './support/until';

describe.each(prepared.installs.map((install) => [install.version, install] as const))(
	'n8n %s in queue mode',
	(version, install) => {
		let services: Services;
		let world: StackWorld;

		beforeAll(async () => {
			services = await startServices(freshFolder(`queue-trigger-services-${version}`));
			world = await startStackWorld({
				name: `queue-trigger-${version}`,
				...{ install, services },
				// One worker: n8n has no lock that several could share when a task is told to two processes in the same instant.
				workers: 1,
				taskSeconds: 1,
				sandboxArgs: ['--video', 'sample'],
			});
		});
		afterAll(async () => {
			await world?.down();
			await services?.stop();
		});

		/** Tasks that have ended, of which nobody has been told. */
		async function endedTasks(count: number) {
			const session = world.session();
			const workflow = await session.createWorkflow(world.bind(submitWorkflow(count, '')));
			const execution = await session.waitFor(await session.run(workflow, 'Start'));
			await until('the end of all tasks', async () =>
				(await world.tasks()).every(({ state }) => state === 'completed') ? true : undefined,
			);
			return itemsOf(execution, 'Wan Video').map(({ json }) => String(json.taskId));
		}

		it('starts the workflow once for each task, whichever process is told how often', async () => {
			const { stack } = world;
			const session = world.session();
			const taskIds = await endedTasks(30);
			const definition = world.bind(triggerWorkflow('queue-trigger', {}));
			const trigger = await storeTrigger(session, stack.webhookUrl, definition, true);
			const tell = async (base: string, id: string) => await trigger.post({ id }, base);
			const processes = [stack.url, stack.webhookUrl];
			for (const base of processes) await trigger.registered(base);

			// A burst over both processes; then each task once more at the other process; the last ten at both in one instant.
			const [burst, twins] = [taskIds.slice(0, 20), taskIds.slice(20)];
			await Promise.all(burst.map(async (id, index) => await tell(processes[index % 2], id)));
			await trigger.executions(burst.length);
			for (const [index, id] of burst.entries())
				expect(await tell(processes[(index + 1) % 2], id)).toBe(200);
			for (const id of twins)
				await Promise.all(processes.map(async (base) => await tell(base, id)));
			const starts = async () =>
				(await trigger.executions(taskIds.length)).flatMap((execution) =>
					itemsOf(execution, 'After').map(({ json }) => String(json.taskId)),
				);
			const started = await until('all tasks to have started it', async () => {
				const ids = await starts();
				return new Set(ids).size === taskIds.length ? ids : undefined;
			});
			expect(started.sort()).toEqual([...taskIds].sort());
		});
	},
);
