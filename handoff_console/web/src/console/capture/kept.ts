import { keep, openShelf, readKept } from '../../input/kept'
import { freshDraft, type ChosenPlace, type Draft } from './draft'

const PREFIX = 'jiesu.console.capture.'
const MOST_LAST = 5
const shelf = openShelf()

/** The half-made draft of an officer; it outlives reloads and a phone that fell asleep. */
export const readDraft = (officer: string): Draft =>
  readKept<Draft>(shelf, `${PREFIX}draft.${officer}`) ?? freshDraft()

export const keepDraft = (officer: string, draft: Draft) => keep(shelf, `${PREFIX}draft.${officer}`, draft)

/** The places chosen last, the newest first. */
export const readLast = (officer: string): ChosenPlace[] =>
  readKept<ChosenPlace[]>(shelf, `${PREFIX}last.${officer}`) ?? []

export function keepLast(officer: string, place: ChosenPlace): void {
  const others = readLast(officer).filter((each) => each.text !== place.text)
  keep(shelf, `${PREFIX}last.${officer}`, [place, ...others].slice(0, MOST_LAST))
}
