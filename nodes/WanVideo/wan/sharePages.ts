/**
 * Links of file services that show a web page with the file on it, in place of the file. Only forms that
 * are known to give a page to everyone: a link that may as well give the file is left to the look at its bytes.
 */

interface Service {
	name: string;
	isPage: (url: URL) => boolean;
	/** A form of the link that gives the file itself, where the service has one. */
	direct?: string;
}

const is = (url: URL, ...hosts: string[]) =>
	hosts.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`));
const asks = (url: URL, name: string) => url.searchParams.get(name) === '1';

const SERVICES: readonly Service[] = [
	{
		name: 'Google Drive',
		isPage: (url) =>
			(url.hostname === 'drive.google.com' &&
				/^\/(file\/|open\b|drive\/|folderview\b)/.test(url.pathname.replace(/^\/a\/[^/]+/, ''))) ||
			(url.hostname === 'docs.google.com' && /\/(edit|view|preview)\b/.test(url.pathname)),
	},
	{
		name: 'Google Photos',
		isPage: (url) => url.hostname === 'photos.app.goo.gl' || url.hostname === 'photos.google.com',
	},
	{
		name: 'Dropbox',
		isPage: (url) =>
			(url.hostname === 'dropbox.com' || url.hostname === 'www.dropbox.com') &&
			/^\/(s|sh|scl|home|preview)\//.test(url.pathname) &&
			!asks(url, 'dl') &&
			!asks(url, 'raw'),
		direct: 'or end the link in dl=1',
	},
	{
		name: 'OneDrive',
		isPage: (url) =>
			(url.hostname === '1drv.ms' && !asks(url, 'download')) ||
			(url.hostname === 'onedrive.live.com' && !/^\/download/.test(url.pathname)),
	},
	{
		name: 'SharePoint',
		isPage: (url) =>
			is(url, 'sharepoint.com') && /^\/:[a-z]:\//.test(url.pathname) && !asks(url, 'download'),
		direct: 'or add download=1 to the link',
	},
	{
		name: 'iCloud',
		isPage: (url) =>
			url.hostname === 'share.icloud.com' ||
			(url.hostname === 'www.icloud.com' &&
				/^\/(iclouddrive|photos|sharedalbum|attachment)\b/.test(url.pathname)),
	},
	{
		name: 'Box',
		isPage: (url) => is(url, 'box.com') && /^\/(s|file|folder)\//.test(url.pathname),
	},
	{
		name: 'WeTransfer',
		isPage: (url) =>
			url.hostname === 'we.tl' ||
			(is(url, 'wetransfer.com') && /^\/downloads\//.test(url.pathname)),
	},
	{
		name: 'GitHub',
		isPage: (url) =>
			url.hostname === 'github.com' &&
			/^\/[^/]+\/[^/]+\/(blob|tree)\//.test(url.pathname) &&
			!['1', 'true'].includes(url.searchParams.get('raw') ?? ''),
		direct: 'or add raw=true to the link',
	},
	{
		name: 'YouTube',
		isPage: (url) =>
			url.hostname === 'youtu.be' ||
			(is(url, 'youtube.com') && /^\/(watch|shorts|embed|live)\b/.test(url.pathname)),
	},
];

/** What page a link leads to, in words that go on from "is", and the way to its file; undefined for any other link. */
export function sharePage(url: URL): { what: string; way: string } | undefined {
	const service = SERVICES.find(({ isPage }) => isPage(url));
	if (service === undefined) return undefined;
	const { name, direct } = service;
	const other = direct === undefined ? '' : ` (${direct})`;
	return {
		what: `a page of ${name} that shows the file, a share link, and not the file itself`,
		way: `Fetch the file in n8n, e.g. with the node for ${name} or 'HTTP Request', and choose Binary File as the source${other}.`,
	};
}
