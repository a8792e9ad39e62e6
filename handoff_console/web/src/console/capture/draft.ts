import type { CaptureBody, Common, Consent, Matter, Source } from '../../api/capture'
import { newClientId } from '../../input/clientId'

/** What was chosen or typed of the place. Without `unitId` the server looks the words up. */
export interface ChosenPlace {
  text: string
  unitId: string | null
  unitName: string
}

/** The matter: a category, or a kind of one, under the title of its button. */
export interface ChosenMatter {
  category: string
  kind: string | null
  title: string
  lines: string[]
}

export interface Draft {
  clientId: string
  source: Source
  matter: ChosenMatter | null
  text: string
  place: ChosenPlace | null
  point: [number, number] | null
  /** The place is the phone's own, not one that was said. */
  fromPhone: boolean
  name: string
  phone: string
  consent: Consent | null
  outsideNumber: string
  photos: number
}

export const freshDraft = (): Draft => ({
  clientId: newClientId(),
  source: 'patrol',
  matter: null,
  text: '',
  place: null,
  point: null,
  fromPhone: false,
  name: '',
  phone: '',
  consent: null,
  outsideNumber: '',
  photos: 0,
})

export const ofCommon = (each: Common): ChosenMatter => ({ ...each })
export const ofMatter = (each: Matter): ChosenMatter => ({
  category: each.category,
  kind: each.kind,
  title: each.name,
  lines: [],
})

/** What is still to be said before it can be registered, in words for the officer; null when nothing is. */
export function missing(draft: Draft): string | null {
  if (!draft.matter) return '选一下是什么事'
  if (!draft.text.trim()) return '写一句话'
  if (!draft.place && !draft.point) return '说一下在哪儿'
  if (draft.source === 'hotline' && !draft.outsideNumber.trim()) return '填 12345 的工单号'
  if (asksConsent(draft) && !draft.consent) return '选一下居民怎么同意的'
  return null
}

/** Where the phone is, is where it is: not for what somebody came, wrote or called about. */
export const onTheSpot = (source: Source) => source === 'patrol' || source === 'visit'

/** Who wrote a letter or called 12345 agreed by that; whoever stands there is asked. */
export function asksConsent(draft: Draft): boolean {
  const named = Boolean(draft.name.trim() || draft.phone.trim())
  return named && (draft.source === 'visit' || draft.source === 'walk_in')
}

/** The draft as the server takes it. */
export function bodyOf(draft: Draft): CaptureBody {
  const named = draft.source !== 'patrol'
  return {
    client_id: draft.clientId,
    source: draft.source,
    category: draft.matter?.category ?? '',
    kind: draft.matter?.kind ?? null,
    text: draft.text.trim(),
    place: draft.place?.text ?? '',
    unit_id: draft.place?.unitId ?? null,
    lat: draft.point?.[0] ?? null,
    lng: draft.point?.[1] ?? null,
    name: named ? draft.name.trim() : '',
    phone: named ? draft.phone.trim() : '',
    consent: asksConsent(draft) ? draft.consent : null,
    outside_number: named ? draft.outsideNumber.trim() : '',
  }
}

/** Matters with these words in their name or among the words residents use, names first. */
export function search(matters: Matter[], words: string): Matter[] {
  const wanted = words.trim()
  if (!wanted) return []
  const named = matters.filter((each) => each.name.includes(wanted))
  const told = matters.filter(
    (each) =>
      !named.includes(each) && each.words.some((word) => word.includes(wanted) || wanted.includes(word)),
  )
  return [...named, ...told].slice(0, 8)
}
