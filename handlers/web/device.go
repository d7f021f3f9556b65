package web

import "github.com/gofiber/fiber/v2"

// DeviceCookie says that this browser has signed in to an account before. It
// opens nothing; it only keeps strangers from slowing down the holder.
const (
	DeviceCookie = "__Host-okno-device"
	deviceDays   = 180
)

// DeviceToken returns the token by which this browser is known, empty if none.
func (c *Ctx) DeviceToken() string { return c.cookie(DeviceCookie) }

// RememberDevice keeps a token by which this browser is known from now on.
func (c *Ctx) RememberDevice(token string) {
	if token != "" {
		c.setCookie(DeviceCookie, token, fiber.CookieSameSiteLaxMode, deviceDays*24*3600)
	}
}
