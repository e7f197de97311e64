/** How we speak to PostgreSQL: connections, transactions, steps of the schema, notifications. */
export { connect, type Asking, type Query, type Server, type ServerAddress } from './connect.ts';
export { createLine, type Line } from './line.ts';
