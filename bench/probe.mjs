// Loaded into n8n's own process (node --import) by rows that measure what the kernel cannot tell: what is still held
// after a collection, and how long nothing else had a turn. Asked over HTTP on BENCH_PROBE_PORT.

import { createServer } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const TICK_MS = 20;
const EVERY_MS = 500;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

let run;

/** Bytes of the heap and of all buffers. `external` has the buffers in it. */
function bytes() {
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

/** What is left after a collection. Buffers are swept beside it, and certainly by the next one. */
function held() {
	const begun = performance.now();
	collect();
	collect();
	if (run !== undefined) run.ownMs += performance.now() - begun;
	return bytes();
}

function tick() {
	const nowMs = performance.now();
	// A turn that comes late by what the collection took is this file's own doing.
	run.stillMs = Math.max(run.stillMs, nowMs - run.tickMs - TICK_MS - run.ownMs);
	run.ownMs = 0;
	run.tickMs = nowMs;
	run.mostBytes = Math.max(run.mostBytes, bytes());
	if (nowMs - run.collectedMs < EVERY_MS) return;
	run.heldBytes = Math.max(run.heldBytes, held());
	run.collections += 1;
	run.collectedMs = performance.now();
}

const routes = {
	begin() {
		const before = held();
		const nowMs = performance.now();
		const least = { before, heldBytes: before, mostBytes: before };
		run = { ...least, collections: 0, stillMs: 0, ownMs: 0, tickMs: nowMs, collectedMs: nowMs };
		run.timer = setInterval(tick, TICK_MS);
		return {};
	},
	end() {
		clearInterval(run.timer);
		const { before, heldBytes, mostBytes, stillMs, collections } = run;
		run = undefined;
		// Over before the first collection: what is held is some part of what there was.
		const most = collections === 0 ? mostBytes : heldBytes;
		return { heldBytes: most - before, mostBytes: mostBytes - before, stillMs };
	},
};

// n8n starts processes of its own, which inherit this.
if (/bin.n8n$/.test(process.argv[1] ?? '')) {
	createServer((request, response) => {
		response.end(JSON.stringify(routes[request.url.slice(1)]()));
	})
		.listen(Number(process.env.BENCH_PROBE_PORT), '127.0.0.1')
		.unref();
}
