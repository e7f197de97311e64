/** House rules that no shelf linter has. Each says what to do instead. */
const ambient = new Map([
  ['Date.now', 'Take the time from the Clock.'],
  ['performance.now', 'Take the time from the Clock.'],
  ['Math.random', 'Take chance from the Rng.'],
  ['crypto.randomUUID', 'Take chance from the Rng.'],
]);

/** Pure rooms see no clock and no chance of their own: they would not replay in the simulator. */
const noAmbientWorld = {
  create: (context) => ({
    CallExpression(node) {
      const c = node.callee;
      if (c.type !== 'MemberExpression' || c.object.type !== 'Identifier' || c.property.type !== 'Identifier')
        return;
      const message = ambient.get(`${c.object.name}.${c.property.name}`);
      if (message) context.report({ node, message });
    },
    NewExpression(node) {
      if (node.callee.type === 'Identifier' && node.callee.name === 'Date' && node.arguments.length === 0)
        context.report({ node, message: 'Take the time from the Clock.' });
    },
  }),
};

/** A bare Error has no code, no blame and no advice: throw a catalogued problem. */
const cataloguedErrors = {
  create: (context) => ({
    ThrowStatement(node) {
      const a = node.argument;
      if (
        a?.type === 'NewExpression' &&
        a.callee.type === 'Identifier' &&
        /^(Type|Range)?Error$/.test(a.callee.name)
      )
        context.report({ node, message: 'Throw a catalogued problem from #schema, or assert().' });
    },
  }),
};

/** The environment is read once, where configuration is merged. */
const noEnvOutsideConfig = {
  create: (context) => ({
    MemberExpression(node) {
      if (
        node.object.type === 'Identifier' &&
        node.object.name === 'process' &&
        node.property.type === 'Identifier' &&
        node.property.name === 'env'
      )
        context.report({
          node,
          message: 'Take it from the configuration (app/config); the environment is read once.',
        });
    },
  }),
};

export default {
  meta: { name: 'house' },
  rules: {
    'no-ambient-world': noAmbientWorld,
    'catalogued-errors': cataloguedErrors,
    'no-env-outside-config': noEnvOutsideConfig,
  },
};
