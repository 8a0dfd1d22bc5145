/** What is inside a network by its form, as the URL parser hands hosts over. */
import { isInternalHost } from '../../../nodes/WanVideo/wan/internalHost';

const hostOf = (host: string) => new URL(`http://${host}/a.jpg`).hostname;

/** Each with its neighbours just outside the border. */
const INSIDE = [
	...['localhost', 'LOCALHOST', 'localhost.', 'a.localhost', 'localhost.localdomain'],
	...['localhost.example.com', 'ip6-localhost', 'ip6-loopback', 'ip6-localhost.example'],
	...['intranet', 'minio', 'printer.local', 'db.internal', 'nas.lan', 'web.default.svc'],
	...['web.default.svc.cluster.local', 'router.home.arpa', 'host.localdomain', 'wiki.intranet'],
	...['git.corp', 'git.corp.', 'box.home', 'box.private', 'metadata.google.internal'],
	...['0.0.0.0', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.127.255.255', '127.0.0.1'],
	...['127.1', '0x7f.1', '2130706433', '017700000001', '127.0.0.1.', '169.254.169.254'],
	...['172.16.0.1', '172.31.255.255', '192.0.0.1', '192.0.0.255', '192.168.0.1'],
	...['198.18.0.1', '198.19.255.255', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
	...['[::]', '[::1]', '[::127.0.0.1]', '[::ffff:10.0.0.1]', '[::ffff:8.8.8.8]'],
	...['[::ffff:0:10.0.0.1]', '[64:ff9b::10.0.0.1]', '[64:ff9b::8.8.8.8]', '[64:ff9b:1::1]'],
	...['[2002:a00:1::]', '[2002:c0a8:101::1]', '[2002:7f00:1::]', '[fc00::1]', '[fd12:3456::1]'],
	...['[fe80::1]', '[febf::1]', '[fec0::1]', '[feff::1]', '[ff02::1]'],
];

const OUTSIDE = [
	...['example.com', 'media.example.com', 'local.example.com', 'mylocal.com', 'lan.io'],
	...['internal.example.com', 'localhosting.com', 'ip6.example.com', 'corp.com', 'svc.net'],
	...['9.255.255.255', '11.0.0.1', '100.63.255.255', '100.128.0.0', '126.255.255.255'],
	...['128.0.0.1', '169.253.0.1', '172.15.255.255', '172.32.0.1', '191.255.255.255'],
	...['192.0.1.1', '192.167.0.1', '198.17.255.255', '198.20.0.1', '223.255.255.255'],
	...['[2606:4700::1111]', '[2002:808:808::1]', '[2001:4860:4860::8888]', '[64:ff9c::1]'],
	...['[fbff::1]', '[fe00::1]', '[fe7f::1]'],
];

it.each(INSIDE)('%s is inside', (host) => {
	expect(isInternalHost(hostOf(host))).toBe(true);
});

it.each(OUTSIDE)('%s is outside', (host) => {
	expect(isInternalHost(hostOf(host))).toBe(false);
});

it('the same without the brackets of a URL', () => {
	expect(['::1', 'fec0::1', '2606:4700::1111'].map(isInternalHost)).toEqual([true, true, false]);
});
