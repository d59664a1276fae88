// SPDX-FileCopyrightText: 2026 The Sendoff authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Appearance: light or dark for the whole program: the desktop's own colors, or ours where it has
// none or where the user chose. Qt 6.4 knows no color scheme, so the desktop is asked over D-Bus.

#include "ui/window_settings.h"

#include <QObject>
#include <QPalette>

class QDBusVariant;

namespace sendoff::ui {

// One per program, made after QApplication.
class Appearance : public QObject {
    Q_OBJECT

public:
    Appearance();

    void setTheme(Theme theme);
    Theme theme() const { return m_theme; }

private:
    enum class Scheme { Unknown, Light, Dark };
    void askDesktop();
    void apply();
    QPalette systemPalette() const;

private Q_SLOTS:
    void settingChanged(const QString &space, const QString &key, const QDBusVariant &value);

private:
    Theme m_theme = Theme::System;
    Scheme m_desktop = Scheme::Unknown;
    QPalette m_platform; // as the platform gave it
    bool m_platformHasOwn = false; // it is not just the style's
};

} // namespace sendoff::ui
