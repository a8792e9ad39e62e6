import type { Outcome, Stand } from '../../api/whistle'

export const STANDS: Record<Stand, string> = {
  asked: '未签收',
  acknowledged: '已签收',
  arrived: '已到场',
  answered: '已提意见',
  declined: '去不了',
  absent: '没到场',
}

export const OUTCOMES: Record<Outcome, string> = {
  settled: '当场办成',
  planned: '定了谁办、何时办完',
  referred: '走法定途径',
  unsettled: '这次没定下来',
  withdrawn: '撤回',
  overtaken: '工单已另行办理',
  lapsed: '没人结束，自动收回',
}

/** What whoever signed may end it with. */
export const ENDINGS = ['settled', 'planned', 'referred', 'unsettled', 'withdrawn'] as const
