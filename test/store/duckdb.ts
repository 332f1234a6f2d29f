import { DuckDBInstance } from '@duckdb/node-api';

/** For all test files of the process, with which it ends. */
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();

/** Rows of a query as DuckDB gives them (bigint for int64), each row an array in the order of the columns. */
export async function query(sql: string): Promise<unknown[][]> {
  return (await connection.runAndReadAll(sql)).getRows() as unknown[][];
}
