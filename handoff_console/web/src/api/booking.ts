import { request } from './http'
import type { components } from './schema.gen'
import type { Officer } from './types'

type Schemas = components['schemas']

export type Calendar = Schemas['CalendarShape']
export type CalendarList = Schemas['CalendarList']
export type CalendarBody = Schemas['CalendarBody']
export type Appointment = Schemas['AppointmentShape']
export type AppointmentList = Schemas['AppointmentList']
export type ReceptionBody = Schemas['ReceptionBody']
export type Reception = Schemas['ReceptionShape']
export type ReceptionList = Schemas['ReceptionList']
export type Choice = Schemas['ChoiceShape']

const at = (id: string) => encodeURIComponent(id)

export const fetchCalendars = () => request<CalendarList>('GET', '/api/booking/calendars')

export const openCalendar = (given: CalendarBody) =>
  request<Calendar>('POST', '/api/booking/calendars', given)

/** Those who have booked are told; answers how many there are. */
export const closeCalendar = (id: string) =>
  request<{ told: number }>('POST', `/api/booking/calendars/${at(id)}/close`)

export const closeDay = (id: string, day: string) =>
  request<{ told: number }>('POST', `/api/booking/calendars/${at(id)}/days`, { day })

export const fetchAppointments = (day: string) =>
  request<AppointmentList>('GET', `/api/booking/appointments?day=${at(day)}`)

export const sayCame = (id: string, came: boolean) =>
  request<Appointment>('POST', `/api/booking/appointments/${at(id)}/came`, { came })

export const fetchFree = (calendar: string) =>
  request<{ items: string[] }>('GET', `/api/booking/calendars/${at(calendar)}/free`)

/** The resident is told at once. */
export const moveTo = (id: string, startsAt: string) =>
  request<unknown>('POST', `/api/booking/appointments/${at(id)}/move`, { starts_at: startsAt })

export const record = (given: ReceptionBody) => request<Reception>('POST', '/api/booking/receptions', given)

export const fetchReceptions = (first: string, last: string) =>
  request<ReceptionList>('GET', `/api/booking/receptions?first=${at(first)}&last=${at(last)}`)

export const findOfficers = (q: string) =>
  request<{ items: Officer[] }>('GET', `/api/officers?q=${encodeURIComponent(q)}`)
