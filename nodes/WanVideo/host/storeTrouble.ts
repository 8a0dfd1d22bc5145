/** What n8n's own store says when it cannot take a file, in plain words and without paths. */

/** Node's codes. In words, because n8n replaces a message that contains one of them. */
const DISK: Readonly<Record<string, string>> = {
	ENOSPC: "the disk of n8n's files is full",
	EDQUOT: "the quota of n8n's files is used up",
	EROFS: "the disk of n8n's files is read-only",
	EACCES: 'n8n may not write to the folder of its files',
	EPERM: 'n8n may not write to the folder of its files',
	ENOENT: "the folder of n8n's files is not there",
	ENOTDIR: "the folder of n8n's files is not there",
	EIO: "the disk of n8n's files fails",
	EMFILE: 'n8n has too many files open',
	ENFILE: 'the system has too many files open',
	EFBIG: "the file is larger than the disk of n8n's files takes",
};
const DATABASE_LIMIT =
	"the file is larger than n8n's database takes (N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE)";
/** Of Linux, macOS and Windows; an address keeps its host. */
const PATHS = /(^|[\s'"(:])(?:[A-Za-z]:)?[\\/][^\s'"()]*/g;

/**
 * The reason behind an error of the store; undefined where it is none that a store alone has.
 * Goes through the causes.
 */
export function storeTrouble(error: unknown, depth = 0): string | undefined {
	if (typeof error !== 'object' || error === null || depth > 8) return undefined;
	const code: unknown = Reflect.get(error, 'code');
	if (typeof code === 'string' && Object.hasOwn(DISK, code)) return DISK[code];
	const text = messageOf(error);
	const inText = Object.keys(DISK).find((name) => text.includes(name));
	if (inText !== undefined) return DISK[inText];
	if (/FileTooLarge/.test(nameOf(error)) || /max size limit.*`?database`?/i.test(text))
		return DATABASE_LIMIT;
	return storeTrouble(Reflect.get(error, 'cause'), depth + 1);
}

/** Any error of a store in words. */
export function storeReason(error: unknown): string {
	const known = storeTrouble(error);
	if (known !== undefined) return known;
	const text = typeof error === 'object' && error !== null ? messageOf(error) : '';
	return text === '' ? 'the reason is not known' : text.replace(PATHS, '$1…');
}

function messageOf(error: object): string {
	const message: unknown = Reflect.get(error, 'message');
	return typeof message === 'string' ? message.slice(0, 300) : '';
}

function nameOf(error: object): string {
	return `${String(Reflect.get(error, 'name'))} ${error.constructor.name}`;
}
