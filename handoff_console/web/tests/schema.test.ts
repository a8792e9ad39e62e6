import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import openapiTS, { astToString } from 'openapi-typescript'
import { expect, it } from 'vitest'

const WHAT_TO_DO = 'src/api/schema.gen.ts is not what the server says: npm run api'

it('has the types the server describes', { timeout: 60_000 }, async () => {
  const described = execFileSync('../../.venv/bin/jiesu', ['openapi'], { encoding: 'utf8' })
  const types = astToString(await openapiTS(JSON.parse(described)))
  expect(readFileSync('src/api/schema.gen.ts', 'utf8').includes(types.trim()), WHAT_TO_DO).toBe(true)
})
