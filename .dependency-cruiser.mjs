import { pure, rooms, shelves } from './tools/rooms.mjs';

const shelf = shelves.join('|');

const law = Object.entries(rooms).map(([room, may]) => ({
  name: `room-${room}`,
  severity: 'error',
  comment: `${room}/ may import only: ${may.join(', ') || 'nothing'}. Change tools/rooms.mjs by a decision record, not in passing.`,
  from: { path: `^src/${room}/`, pathNot: '[.]test[.]ts$' },
  to: { path: '^src/', pathNot: `^src/(${[room, ...may].join('|')})/` },
}));

const testLaw = Object.entries(rooms).map(([room, may]) => ({
  name: `tests-of-${room}`,
  severity: 'error',
  comment: `Tests in ${room}/ may also use the fakes and memory adapters that ship; what needs more belongs in test/.`,
  from: { path: `^src/${room}/.+[.]test[.]ts$` },
  to: {
    path: '^src/',
    pathNot: [`^src/(${[room, ...may].join('|')})/`, `^src/(${shelf})/(fake|memory)/index[.]ts$`],
  },
}));

const purity = Object.entries(pure).map(([room, npm]) => ({
  name: `pure-${room}`,
  severity: 'error',
  comment: `${room}/ runs in the simulator: it may not reach Node or npm packages${npm.length ? ` but ${npm.join(', ')}` : ''}.`,
  from: { path: `^src/${room}/`, pathNot: '[.]test[.]ts$' },
  to: {
    dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer'],
    ...(npm.length ? { pathNot: `node_modules/(${npm.join('|')})/` } : {}),
  },
}));

export default {
  forbidden: [
    ...law,
    ...testLaw,
    ...purity,
    {
      name: 'front-door-only',
      severity: 'error',
      comment: "Enter another room by its front door: '#room' or '#room/part'.",
      from: { path: '^src/([^/]+)/' },
      to: {
        path: '^src/[^/]+/.+',
        pathNot: ['^src/$1/', '^src/[^/]+/index[.]ts$', '^src/[^/]+/[^/]+/index[.]ts$'],
      },
    },
    {
      name: 'sim-uses-reference-adapters',
      severity: 'error',
      comment: 'The simulator may use only the fakes and the memory adapters.',
      from: { path: '^src/sim/' },
      to: { path: `^src/(${shelf})/`, pathNot: `^src/(${shelf})/(fake|memory)/index[.]ts$` },
    },
    {
      name: 'adapters-do-not-know-each-other',
      severity: 'error',
      // engines/wire is no adapter: it is the worker process that every embedded engine stands on.
      comment: 'Two adapters of one contract never import each other.',
      from: { path: `^src/(${shelf})/([^/]+)/` },
      to: { path: '^src/$1/[^/]+/', pathNot: ['^src/$1/$2/', '^src/engines/wire/'] },
    },
    {
      name: 'native-code-in-workers-only',
      severity: 'error',
      comment: 'A fault in native code must end a worker, never the gateway: import it below engines/NAME/worker/.',
      from: { path: '^src/', pathNot: '^src/engines/[^/]+/worker/' },
      to: { path: 'node_modules/node-llama-cpp/' },
    },
    { name: 'no-circular', severity: 'error', comment: 'Find the concept both need and give it a file of its own.', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'Nothing imports this file: use it or remove it.',
      from: { orphan: true, pathNot: ['[.]d[.]ts$', '[.]test[.]ts$'] },
      to: {},
    },
    {
      name: 'no-test-in-product',
      severity: 'error',
      comment: 'Product code may not import tests; a fake that product code needs ships on its shelf.',
      from: { pathNot: ['[.]test[.]ts$', '^test/'] },
      to: { path: '([.]test[.]ts$|^test/)' },
    },
    {
      name: 'not-to-dev-dep',
      severity: 'error',
      comment: 'What the product imports belongs in dependencies.',
      from: { path: '^src', pathNot: '[.]test[.]ts$' },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types/' },
    },
    { name: 'not-to-unresolvable', severity: 'error', comment: 'This import leads nowhere.', from: {}, to: { couldNotResolve: true } },
    {
      name: 'sdk-stands-alone',
      severity: 'error',
      comment: 'The SDK has no dependencies and runs in browsers.',
      from: { path: '^sdk/src/', pathNot: '[.]test[.]ts$' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'] },
    },
    {
      name: 'sdk-knows-no-room',
      severity: 'error',
      comment: 'The SDK speaks to the platform over HTTP only; its types are generated.',
      from: { path: '^sdk/src/' },
      to: { path: '^src/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
    },
  },
};
