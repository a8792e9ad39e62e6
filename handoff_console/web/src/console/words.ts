import type { CaseRow, Crisis, Dossier, Holder, Role, View } from '../api/types'

export const VIEWS: { view: View; name: string; empty: string }[] = [
  { view: 'queue', name: '待接', empty: '没有人在等。有居民找人工时，会出现在这里。' },
  { view: 'mine', name: '我的', empty: '您现在没有接待中的会话。' },
  { view: 'all', name: '全部', empty: '还没有会话。居民从网页或 Telegram 来，就会出现在这里。' },
]

const CHANNELS: Record<string, string> = {
  webchat: '网页',
  web: '网页',
  telegram: 'Telegram',
  terminal: '终端',
  desk: '现场登记',
}

/** What an officer registered: nobody is at the other end of the conversation. */
export const isRegistered = (channel: string) => channel === 'desk'

/** What a resident writes; nothing for Simplified Chinese, which goes without saying. */
const LANGUAGES: Record<string, string> = { en: '英文', 'zh-Hant': '繁体' }

const ROLES: Record<string, string> = {
  grid: '网格员',
  community: '社区',
  street: '街道',
  department: '部门',
  mediator: '调解员',
  adviser: '法律顾问',
  supervisor: '督办员',
  auditor: '审计（只读）',
  volunteer: '志愿者',
  admin: '管理员',
}

const CRISIS: Record<Crisis, string> = { none: '', R1: '关切', R2: '高危', R3: '危急' }

/** Why a message did not arrive, by the relay's code; what is not here is the platform's trouble. */
const UNDELIVERED: Record<string, string> = {
  blocked: '居民屏蔽了机器人，请换个方式联系',
  deactivated: '居民的账号已注销',
  chat_not_found: '找不到这个聊天',
  not_started: '对方还没有打开过机器人',
  kicked: '机器人被移出了群',
  no_rights: '机器人在群里没有发言权限',
  too_large: '内容太大，平台不收',
  file_lost: '文件不在了',
  superseded: '已由工作人员接管，机器人这句没有发出',
}

export const CASE_STATUSES: { status: string; name: string }[] = [
  { status: 'draft', name: '草稿' },
  { status: 'triage', name: '待分派' },
  { status: 'dispatched', name: '待签收' },
  { status: 'working', name: '办理中' },
  { status: 'await_info', name: '待补充材料' },
  { status: 'mediation', name: '调解中' },
  { status: 'whistle', name: '吹哨协调中' },
  { status: 'done_wait', name: '已反馈待核实' },
  { status: 'rework', name: '重办' },
  { status: 'confirmed', name: '已办结' },
  { status: 'confirmation', name: '司法确认中' },
  { status: 'referred', name: '已告知途径' },
  { status: 'withdrawn', name: '已撤回' },
  { status: 'archived', name: '已归档' },
]

/** Nothing of a case runs any more, or only the resident's answer is waited for. */
const AT_REST = new Set(['done_wait', 'confirmed', 'confirmation', 'referred', 'withdrawn', 'archived'])
export const isAtWork = (status: string) => !AT_REST.has(status)

/** Whether somebody above watches: yellow is soon due, red is overdue. */
export const SUPERVISION: Record<string, { name: string; tone: string }> = {
  ordinary: { name: '督办', tone: 'accent' },
  yellow: { name: '黄牌', tone: 'warn' },
  red: { name: '红牌', tone: 'danger' },
}

export const DOSSIER_STATUS: Record<Dossier['status'], string> = {
  empty: '还没有内容',
  collecting: '收集中',
  complete: '已齐全',
  filed: '已立案',
}

/** As officers say it; the server's own name is what residents are told. */
export const statusName = (row: CaseRow) =>
  CASE_STATUSES.find((entry) => entry.status === row.status)?.name ?? row.status_name
export const undeliveredReason = (code: string | null | undefined) =>
  UNDELIVERED[code ?? ''] ?? '平台没有收下'
export const channelName = (channel: string) => CHANNELS[channel] ?? channel

export const languageName = (language: string) => LANGUAGES[language] ?? ''
export const roleName = (role: Role) => ROLES[role] ?? role
export const crisisName = (crisis: Crisis) => CRISIS[crisis]

/** Who holds a conversation, in words; `me` is the reader's own id. */
export function holderName(holder: Holder, me: string | undefined): string {
  if (holder.kind === 'bot') return '机器人接待'
  if (holder.kind === 'queue') return '等人接'
  return holder.officer_id === me ? '我在接待' : `${holder.name ?? '同事'} 接待`
}
