/** Reads one secret out of the environment by the name that the configuration or a deployment gives. */
export function readSecret(name: string): string | undefined {
  const value = process.env[name];
  return value === undefined || value === '' ? undefined : value;
}
