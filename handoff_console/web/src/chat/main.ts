import { createApp } from 'vue'
import '../style/tokens.css'
import './chat.css'
import ChatPage from './ChatPage.vue'

createApp(ChatPage).mount('#page')
