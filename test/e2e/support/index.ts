// The driver in one import, for `npm start`, which uses the same pieces as the end-to-end tests.
export * from './examples';
export * from './n8nCli';
export * from './n8nInstall';
export * from './n8nServer';
export * from './ports';
export { stopAll } from './processes';
export * from './rest';
export * from './runData';
export * from './sandboxProcess';
