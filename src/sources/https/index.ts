export { createHttpsSource } from './https-source.ts';
