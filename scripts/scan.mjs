// n8n's scanner, as it is run on a package that asks for verification, without its network part: once over the source and
// once over the unpacked tarball. Prints one line of JSON, {source, packed}, each {passed, details}.
//   node scripts/scan.mjs <source folder> <folder of the unpacked package>
import {
	analyzePackage,
	SOURCE_FILE_PATTERNS,
} from '@n8n/scan-community-package/scanner/scanner.mjs';

const [sourceFolder, packedFolder] = process.argv.slice(2);
const source = await analyzePackage(sourceFolder, SOURCE_FILE_PATTERNS);
const packed = await analyzePackage(packedFolder, ['**/*.js', 'package.json']);
console.log(JSON.stringify({ source, packed }));
