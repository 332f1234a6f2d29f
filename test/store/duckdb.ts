import { DuckDBInstance } from '@duckdb/node-api';

/** Rows of a query as DuckDB gives them (bigint for int64), each row an array in the order of the columns. */
export async function query(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRows() as unknown[][];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
