/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, outside n8n */
// Redis and PostgreSQL for n8n's queue mode: Debian's own programs, started on free ports of 127.0.0.1 with data that is
// thrown away. Nothing of an installed and running Redis or PostgreSQL is touched.
import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './ports';
import { logTail, startProcess, type Started } from './processes';
import { GiveUp, until } from './until';

const run = promisify(execFile);

export interface Services {
	readonly redisPort: number;
	readonly postgresPort: number;
	/** User of every database here; it needs no password. */
	readonly postgresUser: string;
	/** Makes an empty database. Rejects when there is one of this name. */
	createDatabase(name: string): Promise<void>;
	/** Rows of a query, fields separated by `|`. */
	query(database: string, sql: string): Promise<string[]>;
	stop(): Promise<void>;
}

const postgresUser = 'postgres';

/** A program of the PATH or of Debian's folder for PostgreSQL's newest version. */
function program(name: string, debianPackage: string): string {
	const debian = '/usr/lib/postgresql';
	const versions = existsSync(debian) ? readdirSync(debian) : [];
	const folders = [
		...versions
			.sort((a, b) => Number(b) - Number(a))
			.map((version) => join(debian, version, 'bin')),
		...(process.env.PATH ?? '').split(delimiter),
	];
	const found = folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
	if (found === undefined) {
		throw new Error(
			`The tests of queue mode need ${name}. On Debian and Ubuntu: apt-get install ${debianPackage} ` +
				'(the packages redis-server and postgresql; neither has to run as a service)',
		);
	}
	return found;
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package has made. */
async function serverUser(): Promise<{ uid: number; gid: number } | undefined> {
	if (process.getuid?.() !== 0) return undefined;
	const id = async (flag: string) => Number((await run('id', [flag, postgresUser])).stdout);
	return { uid: await id('-u'), gid: await id('-g') };
}

/** Starts both. Log files go to `folder`. */
export async function startServices(folder: string): Promise<Services> {
	const programs = {
		redis: program('redis-server', 'redis-server'),
		postgres: program('postgres', 'postgresql'),
		initdb: program('initdb', 'postgresql'),
		psql: program('psql', 'postgresql'),
	};
	const [redisPort, postgresPort] = [await freePort(), await freePort()];
	// Not below `folder`: PostgreSQL's user may not be allowed to enter the folders above it.
	const data = mkdtempSync(join(tmpdir(), 'wan-video-postgres-'));
	const started: Started[] = [];
	const stop = async () => {
		await Promise.all(started.map(async (service) => await service.stop(10_000)));
		rmSync(data, { recursive: true, force: true });
	};
	const sql = async (database: string, statement: string) => {
		const target = ['-h', '127.0.0.1', '-p', String(postgresPort), '-U', postgresUser, database];
		const { stdout } = await run(programs.psql, [...target, '-XAtc', statement]);
		return stdout.split('\n').filter((line) => line !== '');
	};
	let areUp = false;
	try {
		const user = await serverUser();
		if (user !== undefined) chownSync(data, user.uid, user.gid);
		const cluster = join(data, 'cluster');
		const options = ['-A', 'trust', '-U', postgresUser, '-E', 'UTF8', '--no-sync'];
		await run(programs.initdb, ['-D', cluster, ...options], { ...user, cwd: data });
		const settings = ['fsync=off', 'synchronous_commit=off', 'max_connections=200'];
		const postgresLog = join(folder, 'postgres.log');
		const postgres = await startProcess({
			command: programs.postgres,
			args: [
				...['-D', cluster, '-p', String(postgresPort), '-h', '127.0.0.1', '-k', data],
				...settings.flatMap((setting) => ['-c', setting]),
			],
			cwd: data,
			env: process.env,
			logFile: postgresLog,
			...user,
		});
		started.push(postgres);
		const redisLog = join(folder, 'redis.log');
		const redis = await startProcess({
			command: programs.redis,
			args: [
				...['--port', String(redisPort), '--bind', '127.0.0.1', '--dir', folder],
				...['--save', '', '--appendonly', 'no'],
			],
			cwd: folder,
			env: process.env,
			logFile: redisLog,
		});
		started.push(redis);
		await until('PostgreSQL to answer', async () => {
			if (postgres.hasEnded()) throw new GiveUp(`PostgreSQL ended:\n${logTail(postgresLog)}`);
			return await sql(postgresUser, 'select 1');
		});
		await until('Redis to answer', async () => {
			if (redis.hasEnded()) throw new GiveUp(`Redis ended:\n${logTail(redisLog)}`);
			return await Promise.resolve(/ready to accept/i.test(logTail(redisLog)) ? true : undefined);
		});
		areUp = true;
	} finally {
		if (!areUp) await stop();
	}
	return {
		redisPort,
		postgresPort,
		postgresUser,
		stop,
		query: sql,
		async createDatabase(name) {
			await sql(postgresUser, `create database "${name}"`);
		},
	};
}
