// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/appearance.h"

#include "ui/theme/colors.h"
#include "ui/theme/palettes.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QStyle>
#include <QStyleFactory>
#include <QTimer>

namespace sendoff::ui {

namespace {

// https://flatpak.github.io/xdg-desktop-portal: org.freedesktop.appearance, color-scheme.
constexpr auto service = "org.freedesktop.portal.Desktop";
constexpr auto path = "/org/freedesktop/portal/desktop";
constexpr auto interface = "org.freedesktop.portal.Settings";
constexpr auto appearanceSpace = "org.freedesktop.appearance";
constexpr auto schemeKey = "color-scheme"; // 0 no preference, 1 dark, 2 light

} // namespace

Appearance::Appearance()
{
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    m_platform = QApplication::palette();
    const QPalette plain = QApplication::style()->standardPalette();
    m_platformHasOwn = m_platform.color(QPalette::Window) != plain.color(QPalette::Window)
        || m_platform.color(QPalette::Text) != plain.color(QPalette::Text);
    apply();
    QTimer::singleShot(0, this, &Appearance::askDesktop); // behind the first paint
}

void Appearance::setTheme(Theme theme)
{
    if (theme == m_theme)
        return;
    m_theme = theme;
    apply();
}

void Appearance::askDesktop()
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    bus.connect(QLatin1String(service), QLatin1String(path), QLatin1String(interface),
                QStringLiteral("SettingChanged"), this,
                SLOT(settingChanged(QString, QString, QDBusVariant)));
    QDBusMessage question =
        QDBusMessage::createMethodCall(QLatin1String(service), QLatin1String(path),
                                       QLatin1String(interface), QStringLiteral("Read"));
    question << QString::fromLatin1(appearanceSpace) << QString::fromLatin1(schemeKey);
    auto *watcher = new QDBusPendingCallWatcher(bus.asyncCall(question), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        watcher->deleteLater();
        if (reply.isError())
            return; // no portal: the platform's palette stands
        QVariant value = reply.value().variant();
        if (value.canConvert<QDBusVariant>()) // Read() wraps it twice
            value = value.value<QDBusVariant>().variant();
        settingChanged(QString::fromLatin1(appearanceSpace), QString::fromLatin1(schemeKey),
                       QDBusVariant(value));
    });
}

void Appearance::settingChanged(const QString &space, const QString &key,
                                const QDBusVariant &value)
{
    if (space != QLatin1String(appearanceSpace) || key != QLatin1String(schemeKey))
        return;
    const uint number = value.variant().toUInt();
    m_desktop = number == 1 ? Scheme::Dark : number == 2 ? Scheme::Light : Scheme::Unknown;
    apply();
}

QPalette Appearance::systemPalette() const
{
    if (m_platformHasOwn && (m_desktop != Scheme::Dark || isDark(m_platform)))
        return m_platform;
    return m_desktop == Scheme::Dark || isDark(m_platform) ? darkPalette() : lightPalette();
}

void Appearance::apply()
{
    switch (m_theme) {
    case Theme::System:
        QApplication::setPalette(systemPalette());
        break;
    case Theme::Light:
        QApplication::setPalette(lightPalette());
        break;
    case Theme::Dark:
        QApplication::setPalette(darkPalette());
        break;
    }
}

} // namespace sendoff::ui
