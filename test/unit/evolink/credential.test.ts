/** A credential as people paste it: what is made of it, and what is said of one that cannot be used. */
import {
	bareKey,
	credentialProblem,
	isSurelyWrong,
	readCredentialFields,
} from '../../../nodes/WanVideo/evolink/credential';

const BASE = 'https://api.evolink.ai';
const read = (apiKey: unknown, baseUrl: unknown = BASE, filesUrl: unknown = '') =>
	readCredentialFields({ apiKey, baseUrl, filesUrl });

describe('a key', () => {
	it.each<[unknown, string]>([
		['sk-1', 'sk-1'],
		[' sk-1\n', 'sk-1'],
		['"sk-1"', 'sk-1'],
		["'sk-1'", 'sk-1'],
		['` sk-1 `', 'sk-1'],
		['Bearer sk-1', 'sk-1'],
		['bearer   sk-1', 'sk-1'],
		['Authorization: Bearer sk-1', 'sk-1'],
		['authorization : bearer sk-1', 'sk-1'],
		['authorization:   bearer sk-1', 'sk-1'],
		['authorization:bearer sk-1', 'sk-1'],
		['"Authorization: Bearer sk-1"', 'sk-1'],
		['Bearer "sk-1"', 'sk-1'],
		['"sk-1', '"sk-1'],
		['sk-1"', 'sk-1"'],
		['"', '"'],
		['sk-s', 'sk-s'],
		['my Bearer sk-1', 'my Bearer sk-1'],
		['Bearersk-1', 'Bearersk-1'],
		[undefined, ''],
		[7, ''],
		['x'.repeat(3_000), 'x'.repeat(2_000)],
	])('%j is %j', (field, key) => {
		expect(bareKey(field)).toBe(key);
		expect(read(field).apiKey).toBe(key);
	});
});

describe('an address', () => {
	it.each<[unknown, string]>([
		[BASE, BASE],
		[` ${BASE}/ `, BASE],
		[`${BASE}///`, BASE],
		[`"${BASE}/"`, BASE],
		['/', ''],
		[null, ''],
	])('%j is %j', (field, address) => {
		expect(read('sk-1', field, field).hosts).toEqual({ api: address, files: address });
	});
});

describe('what is wrong with it', () => {
	it.each<[string, unknown, unknown, string | undefined]>([
		['nothing', 'sk-1', BASE, undefined],
		['nothing, over http', 'sk-1', 'HTTP://127.0.0.1:8080/proxy', undefined],
		['no key', '', BASE, "'API Key' is empty"],
		['a blank inside', 'sk 1', BASE, "'API Key' has a blank or a line break inside"],
		[
			'dots',
			'sk-••••',
			BASE,
			"'API Key' holds a character that no key has, perhaps dots in place of the key",
		],
		[
			'a letter beyond ASCII at the beginning',
			'ñsk-1',
			BASE,
			"'API Key' holds a character that no key has, perhaps dots in place of the key",
		],
		[
			'a control character',
			'sk-\u0001',
			BASE,
			"'API Key' holds a character that no key has, perhaps dots in place of the key",
		],
		['no address', 'sk-1', '', "'Base URL' is empty"],
		[
			'no scheme',
			'sk-1',
			'api.evolink.ai',
			'\'Base URL\' is "api.evolink.ai", which does not begin with https://',
		],
		[
			'a scheme within',
			'sk-1',
			'see https://a',
			'\'Base URL\' is "see https://a", which does not begin with https://',
		],
		[
			'a blank in the address',
			'sk-1',
			'https://a b',
			'\'Base URL\' is "https://a b", which has a blank inside',
		],
		['no host', 'sk-1', 'https://:1', '\'Base URL\' is "https://:1", which is no address'],
		[
			'a query',
			'sk-1',
			'https://a?b=c',
			'\'Base URL\' is "https://a?b=c", which has more behind its path',
		],
		[
			'a fragment',
			'sk-1',
			'https://a#b',
			'\'Base URL\' is "https://a#b", which has more behind its path',
		],
	])('%s', (_what, apiKey, baseUrl, problem) => {
		expect(credentialProblem(read(apiKey, baseUrl), 'api')).toBe(problem);
	});

	it('is told of each host by its own label, and shortly', () => {
		expect(credentialProblem(read('sk-1', BASE, ''), 'files')).toBe("'Files URL' is empty");
		const told = credentialProblem(read('sk-1', `ftp://${'a'.repeat(900)}`), 'api');
		expect(told).toContain(`"ftp://${'a'.repeat(194)}"`);
	});
});

it.each([
	['http://localhost:1', true, true],
	['http://LOCALHOST', true, true],
	['http://127.0.0.1:5678', true, true],
	['http://127.10.20.30', true, true],
	['http://[::1]:80', true, true],
	['http://my-localhost', false, true],
	['http://localhost.example.com', false, true],
	['http://1.127.0.0', false, true],
	['https://api.evolink.ai', false, false],
	['https://evolink.ai', false, false],
	['https://not-evolink.ai', false, true],
	['https://evolink.ai.example', false, true],
])('nobody will answer at %s: refused %s, unknown %s', (address, refused, unknownHost) => {
	expect(isSurelyWrong(address, 'refused')).toBe(refused);
	expect(isSurelyWrong(address, 'unknownHost')).toBe(unknownHost);
});
