import { computed, ref } from 'vue'
import { dayKey, dayName } from '../input/when'
import type { ChatRecord } from './record'

/** What the page itself says; what the bot and the officers say comes from the server. */
const chinese = {
  tag: 'zh-CN',
  bot: '智能助手，不是真人',
  answered: (officer: string) => `工作人员 ${officer} 回复了您`,
  officer: '工作人员',
  larger: '大字',
  smaller: '小字',
  largerType: '字大一点',
  smallerType: '字小一点',
  leave: '离开',
  leaveNow: '马上离开这个页面',
  left: '您上次离开了这个页面，说过的话没有显示出来。您反映的事不受影响。',
  goOn: '接着上次说',
  menu: '菜单',
  asks: [
    { title: '查进度', text: '查进度' },
    { title: '我的信息', text: '/我的信息' },
    { title: '找人工', text: '人工' },
  ],
  emergency: '紧急求助',
  police: '报警',
  fire: '火警',
  ambulance: '急救',
  offline: '手机没有网络。您可以接着写，连上网会自动发出去。',
  reconnecting: '连接中断，正在重连…您写的内容不会丢',
  arrived: '我是扫码进来的',
  myPlace: '我的位置',
  tooLarge: (count: number, most: number) =>
    `有 ${count} 个文件太大，没有发（每个最大 ${most} MB）。请换小一点的。`,
  notKept: (count: number) => `有 ${count} 个文件收不下（太大或类型不对），其余的收到了。`,
  fileTooLarge: '文件太大，发不出去',
  notTaken: '这条没能收下',
  chooseAgain: '没有发出去，请重新选一次',
  noMicrophone: '没能打开话筒。您可以打字，或者用手机录好音再从“照片”里选。',
  noPlace: '这台手机不能自动定位，请直接写下地址，比如“幸福路 3 号院 2 号楼”。',
  placeDenied: '没有得到定位许可，没关系：请直接写下地址，比如“幸福路 3 号院 2 号楼”。',
  placeUnknown: '暂时定不了位，没关系：请直接写下地址，比如“幸福路 3 号院 2 号楼”。',
  compose: '发消息',
  photo: '照片',
  voice: '语音',
  place: '位置',
  locating: '定位中…',
  human: { title: '人工', text: '人工' },
  line: '写下您要反映的问题',
  write: '在这里写',
  send: '发送',
  recording: '正在录音',
  record: '录音',
  cancel: '取消',
  sendVoice: '发送语音',
  conversation: '对话内容',
  ended: '上一次对话已经结束，工作人员仍能看到。您可以接着说。',
  loading: '正在打开之前的对话…',
  newer: '有新消息 ↓',
  iSay: '我说：',
  botSays: '智能助手说：',
  placeSent: '已发送位置',
  erased: '（已删除）',
  delivered: '已送达',
  sending: '发送中…',
  notSent: '没发出去，',
  tryAgain: '点这里重试',
  understood: '知道了',
  photoToSend: '要发送的照片',
  welcome: '欢迎',
  heading: '有难处，说给我们听',
  greeting: '我是智能助手，不是真人。您说的会被记录，只用来处理您反映的问题。随时可以说“人工”找工作人员。',
  starters: ['老板拖欠工资', '小区物业问题', '邻居噪音扰民', '查我反映的事'],
  day: dayName,
}

export type Words = typeof chinese

const english: Words = {
  tag: 'en',
  bot: 'A bot, not a person',
  answered: (officer) => `${officer} has answered you`,
  officer: 'Officer',
  larger: 'Larger',
  smaller: 'Smaller',
  largerType: 'Larger type',
  smallerType: 'Smaller type',
  leave: 'Leave',
  leaveNow: 'Leave this page at once',
  left: 'You left this page last time, so what was said is not shown. Your complaint goes on as before.',
  goOn: 'Go on where I stopped',
  menu: 'Menu',
  asks: [
    { title: 'My progress', text: 'Progress' },
    { title: 'My information', text: 'My information' },
    { title: 'Talk to a person', text: 'Talk to a person' },
  ],
  emergency: 'Emergency',
  police: 'Police',
  fire: 'Fire',
  ambulance: 'Doctor',
  offline: 'Your phone is offline. Go on writing: it is sent as soon as you are online.',
  reconnecting: 'The connection broke; reconnecting… Nothing you write is lost.',
  arrived: 'I scanned a code',
  myPlace: 'My place',
  tooLarge: (count, most) =>
    `${count === 1 ? 'A file is' : `${count} files are`} too large and not sent (${most} MB each at most). Please send a smaller one.`,
  notKept: (count) =>
    `${count === 1 ? 'A file was' : `${count} files were`} not kept (too large or of a wrong type); the rest has arrived.`,
  fileTooLarge: 'This file is too large to send',
  notTaken: 'This could not be taken',
  chooseAgain: 'Not sent. Please choose it again',
  noMicrophone:
    'The microphone could not be opened. Please write, or record it and choose the file at Photo.',
  noPlace:
    'This phone cannot tell where it is. Please write the address, such as “Building 2, 3 Xingfu Road”.',
  placeDenied: 'Your place was not shared. Please write the address, such as “Building 2, 3 Xingfu Road”.',
  placeUnknown:
    'Your place could not be found. Please write the address, such as “Building 2, 3 Xingfu Road”.',
  compose: 'Send a message',
  photo: 'Photo',
  voice: 'Voice',
  place: 'Place',
  locating: 'Looking…',
  human: { title: 'Person', text: 'Talk to a person' },
  line: 'Write what is wrong',
  write: 'Write here',
  send: 'Send',
  recording: 'Recording',
  record: 'Record',
  cancel: 'Cancel',
  sendVoice: 'Send voice',
  conversation: 'Conversation',
  ended: 'Your last conversation has ended; officers can still see it. You may go on.',
  loading: 'Opening your conversation…',
  newer: 'New messages ↓',
  iSay: 'I said: ',
  botSays: 'The bot said: ',
  placeSent: 'Place sent',
  erased: '(deleted)',
  delivered: 'Delivered',
  sending: 'Sending…',
  notSent: 'Not sent. ',
  tryAgain: 'Try again',
  understood: 'OK',
  photoToSend: 'A photo to send',
  welcome: 'Welcome',
  heading: 'Tell us what is wrong',
  greeting:
    'I am a machine, not a person. What you say is kept, only to deal with what you report. Say “person” at any time to talk to one of our staff.',
  starters: ['My boss owes me wages', 'A problem with the property company', 'Noisy neighbours', 'Progress'],
  day: (at, now) => {
    if (dayKey(at) === dayKey(now.toISOString())) return 'Today'
    return new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })
  },
}

/** A text in English, with perhaps a name in Chinese. */
export function isEnglish(text: string): boolean {
  return (text.match(/[A-Za-z]/g)?.length ?? 0) > 4 * (text.match(/\p{Script=Han}/gu)?.length ?? 0) + 1
}

/** What the menu says for the resident, who may ask for a language at any time. */
export const TONGUES = [
  { title: '中文', text: '中文', lang: 'zh-Hans' },
  { title: '繁體', text: '繁體', lang: 'zh-Hant' },
  { title: 'English', text: 'English', lang: 'en' },
]

/** Whichever came last: what the bot answered in, or the language that was asked for while a person is awaited. */
function speaksEnglish({ messages }: ChatRecord): boolean {
  for (const { from, text } of [...messages].reverse()) {
    const asked = from === 'resident' ? TONGUES.find((tongue) => tongue.text === text) : undefined
    if (asked) return asked.lang === 'en'
    if (from === 'bot' && text) return isEnglish(text)
  }
  return false
}

const inEnglish = ref(false)

/** What the page says now. */
export const words = computed(() => (inEnglish.value ? english : chinese))

/** From now on the page speaks as the conversation does. */
export function follow(record: ChatRecord): void {
  inEnglish.value = speaksEnglish(record)
}
