import { words } from "../language.ts";

export const accountWords = words({
  en: {
    title: "Your account",
    sentence: (email: string, role: string) => `You are signed in as ${email}, ${role}.`,
    name: "Name",
    passwordHelp: "Changing it signs you out everywhere else.",
    current: "Password until now",
    notYours: "This is not your password.",
    passwordSaved: "Your password is changed.",
  },
  "zh-CN": {
    title: "我的账户",
    sentence: (email, role) => `您以 ${email}（${role}）登录。`,
    name: "姓名",
    passwordHelp: "修改密码后，其他设备会退出登录。",
    current: "当前密码",
    notYours: "密码不正确。",
    passwordSaved: "密码已修改。",
  },
});
