/**
 * Hosts that no public service can reach, told by their name or literal address alone. What a public
 * name resolves to cannot be seen here.
 */

/** Names that are given out inside networks only (RFC 6761, 6762, 8375, ICANN's .internal, Kubernetes, and habit). */
const INSIDE_NAME =
	/(^|\.)(localhost|local|localdomain|internal|intranet|private|corp|home|lan|svc|home\.arpa)$|^(localhost|ip6-[a-z]+)(\.|$)/;

/** First octets and how many bits of them count (RFC 6890 and its kin; multicast and reserved ones too). */
const INSIDE_IPV4: ReadonlyArray<readonly [number, number]> = [
	[ipv4(0, 0), 8],
	[ipv4(10, 0), 8],
	[ipv4(100, 64), 10],
	[ipv4(127, 0), 8],
	[ipv4(169, 254), 16],
	[ipv4(172, 16), 12],
	[ipv4(192, 0), 24],
	[ipv4(192, 168), 16],
	[ipv4(198, 18), 15],
	// Multicast, and everything above it.
	[ipv4(224, 0), 3],
];

/** Whether a URL's hostname is loopback, private, link-local or otherwise inside. IPv6 with or without brackets. */
export function isInternalHost(hostname: string): boolean {
	const host = hostname.replace(/^\[|\]$|\.+$/g, '').toLowerCase();
	if (host.includes(':')) return isInternalIpv6(groupsOf(host));
	const octets = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host)?.slice(1).map(Number);
	if (octets !== undefined) return isInternalIpv4(octets);
	// A name without a dot is found by a search list or a hosts file only.
	return host !== '' && (!host.includes('.') || INSIDE_NAME.test(host));
}

function ipv4(first: number, second: number, third = 0, fourth = 0): number {
	return ((first * 256 + second) * 256 + third) * 256 + fourth;
}

function isInternalIpv4([first, second, third, fourth]: readonly number[]): boolean {
	const address = ipv4(first, second, third, fourth);
	return INSIDE_IPV4.some(([start, bits]) => {
		const size = 2 ** (32 - bits);
		return Math.floor(address / size) === Math.floor(start / size);
	});
}

function isInternalIpv6(groups: readonly number[] | undefined): boolean {
	if (groups === undefined) return true;
	const [first, second, third] = groups;
	const leading = groups.findIndex((group) => group !== 0);
	// Unspecified, loopback, and IPv4 in one of its three old clothes (::a.b.c.d, ::ffff:a.b.c.d, ::ffff:0:a.b.c.d).
	if (leading === -1 || leading >= 4) return true;
	// Through a NAT64 gateway: the well-known prefix, and the one for local use.
	if (first === 0x64 && second === 0xff9b) return true;
	// 6to4 carries an IPv4 address.
	if (first === 0x2002) return isInternalIpv4([second >> 8, second & 255, third >> 8, third & 255]);
	// Unique local, link-local, the old site-local, multicast.
	return (first & 0xfe00) === 0xfc00 || (first & 0xff80) === 0xfe80 || first >= 0xff00;
}

/** The eight groups of an IPv6 address; undefined where it is none. */
function groupsOf(host: string): number[] | undefined {
	const dotted = host.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_match, ...octets: string[]) => {
		const [a, b, c, d] = octets.slice(0, 4).map(Number);
		return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
	});
	const halves = dotted.split('::').map((half) => (half === '' ? [] : half.split(':')));
	if (halves.length > 2) return undefined;
	const [head, tail = []] = halves;
	const gap = halves.length === 2 ? 8 - head.length - tail.length : 0;
	if (gap < 0) return undefined;
	const groups = [...head, ...Array<string>(gap).fill('0'), ...tail].map((group) =>
		/^[0-9a-f]{1,4}$/.test(group) ? parseInt(group, 16) : NaN,
	);
	return groups.length === 8 && groups.every((group) => !Number.isNaN(group)) ? groups : undefined;
}
