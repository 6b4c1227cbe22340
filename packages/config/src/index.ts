export { describeEnv, type EnvRow, envTable } from './describe-env.ts';
export { flag, hasProtocol, hidden, integer, list, oneOf, port, proxies, secret, url } from './fields.ts';
export { ConfigError, type EnvShape, isSecretName, parseEnv } from './parse-env.ts';
