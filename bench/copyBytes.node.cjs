// A node of the bench, placed in n8n's custom folder: the files of all items through n8n's own helpers into one new file,
// byte by byte as they are: what it takes a node that does nothing besides.
const { Readable } = require('node:stream');

/** What n8n writes at once. */
const PIECE_BYTES = 512 * 1024;

class CopyBytes {
	constructor() {
		this.description = {
			...{ displayName: 'Copy Bytes', name: 'copyBytes', group: ['transform'], version: 1 },
			...{ description: 'All files one behind the other', defaults: { name: 'Copy Bytes' } },
			...{ inputs: ['main'], outputs: ['main'], properties: [] },
		};
	}

	async execute() {
		const { helpers } = this;
		const files = this.getInputData().map(({ binary }) => binary.data.id);
		async function* bytes() {
			for (const id of files) yield* await helpers.getBinaryStream(id, PIECE_BYTES);
		}
		const data = await helpers.prepareBinaryData(Readable.from(bytes()), 'copy', 'video/mp4');
		return [[{ json: {}, binary: { data } }]];
	}
}

module.exports = { CopyBytes };
