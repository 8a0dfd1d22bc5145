/**
 * Every text of the nodes and the credential that the editor shows, read as n8n's UX guide asks: no word that
 * only programmers know, no abbreviation that is not a name, labels that fit into the panel, one order.
 */
import type { INodeProperties } from 'n8n-workflow';

import { EvoLinkApi } from '../../../credentials/EvoLinkApi.credentials';
import { WanVideo } from '../../../nodes/WanVideo/WanVideo.node';
import { WanVideoTrigger } from '../../../nodes/WanVideo/WanVideoTrigger.node';

const node = new WanVideo().description;
const trigger = new WanVideoTrigger().description;
const credential = new EvoLinkApi();

/** A property with the ones in its collection. */
const within = (property: INodeProperties): INodeProperties[] => [
	property,
	...(property.options ?? []).flatMap((option) => ('type' in option ? within(option) : [])),
];
const ofTop = [...node.properties, ...trigger.properties, ...credential.properties];
const all = ofTop.flatMap(within);
const collections = all.filter(({ type }) => type === 'collection');
const inCollections = collections.flatMap(({ options = [] }) =>
	options.filter((option): option is INodeProperties => 'type' in option),
);

/** The strings in any value, however deep. */
function strings(value: unknown): string[] {
	if (typeof value === 'string') return [value];
	return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}

/** Where | what is read there. The texts for a language model are not for people, so they are left out. */
const TEXTS: Array<[string, string]> = [
	...all.flatMap(({ name, displayName, hint, description, placeholder, options = [] }) => {
		const entries = options.flatMap((option) =>
			'type' in option ? [] : [option.name, ...('action' in option ? strings(option.action) : [])],
		);
		const told = options.flatMap((option) =>
			'description' in option ? strings(option.description) : [],
		);
		const own = [displayName, hint, description, placeholder].flatMap(strings);
		return [...own, ...entries, ...told].map((text): [string, string] => [name, text]);
	}),
	...[node, trigger].flatMap(
		({ name, description, triggerPanel, activationMessage, ...rest }): Array<[string, string]> =>
			strings([
				description,
				triggerPanel,
				activationMessage,
				rest.eventTriggerDescription,
				rest.waitingNodeTooltip,
			]).map((text) => [name, text]),
	),
];

describe('the texts', () => {
	it('are found', () => {
		expect(TEXTS.length).toBeGreaterThan(200);
	});

	it('use no word that only programmers know', () => {
		const jargon =
			/\b(concurren\w*|payloads?|endpoints?|polling|boolean|strings?|arrays?|async\w*|gateways?|binary propert\w*|parse\w*|fetch\w*|LLM|null)\b/i;
		expect(TEXTS.filter(([, text]) => jargon.test(text))).toEqual([]);
	});

	it('use no abbreviation but names that users of n8n and of media files know', () => {
		const known = new Set(
			'URL URLs ID IDs API AI MCP MB JPEG PNG BMP WEBP GIF MP4 MOV WAV MP3 DOCX DOC XLSX XLS PPTX PPT PDF TXT KEY PAGES NUMBERS MD'.split(
				' ',
			),
		);
		const short = TEXTS.flatMap(([, text]) => text.match(/\b[A-Z]{2}[A-Z0-9]*s?\b/g) ?? []);
		expect(short.filter((word) => !known.has(word))).toEqual([]);
	});

	it("say publish, n8n 2's word, wherever n8n 1 says activate", () => {
		const old = TEXTS.filter(([, text]) => /\b(de)?activat/i.test(text));
		expect(old.length).toBeGreaterThan(0);
		for (const [, text] of old) expect(text).toMatch(/publish \S+( \S+)? \(n8n 1: activate it\)/i);
	});

	it('of switches begin with Whether', () => {
		const switches = all.filter(({ type }) => type === 'boolean');
		expect(switches.length).toBeGreaterThan(5);
		for (const { description } of switches) expect(description).toMatch(/^Whether /);
	});

	it('explain every field', () => {
		const plain = ['resource', 'operation', 'options'];
		const silent = all.filter(
			({ name, type, description, hint }) =>
				type !== 'notice' && !plain.includes(name) && description === undefined && !hint,
		);
		expect(silent.map(({ name }) => name)).toEqual([]);
	});

	it.each([
		// What a panel of usual width shows before it cuts off, by the longest label that the editor tests saw whole.
		['fields', ofTop.filter(({ type }) => type !== 'notice'), 33],
		['options', inCollections, 25],
	] as Array<[string, INodeProperties[], number]>)(
		'of labels of %s fit',
		(_label, fields, length) => {
			const long = fields
				.map(({ displayName }) => displayName)
				.filter((text) => text.length > length);
			expect(long).toEqual([]);
		},
	);

	it('of options stand in the order of the alphabet', () => {
		expect(collections.length).toBeGreaterThan(3);
		for (const { options = [] } of collections) {
			const labels = options.map((option) => ('displayName' in option ? option.displayName : ''));
			expect(labels).toEqual([...labels].sort((a, b) => a.localeCompare(b)));
		}
	});

	it("of the trigger's description tell of both nodes, as n8n's list shows them as one with it", () => {
		expect(trigger.description).toMatch(/into video/);
		expect(trigger.description).toMatch(/start a workflow when/);
	});
});
